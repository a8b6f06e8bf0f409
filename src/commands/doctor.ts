/**
 * `zerodrop doctor`: what this machine is fit for.
 *
 * Rule: it changes nothing. With a scenario, the machine is held against what that needs, otherwise against the default
 * traffic.
 */
import pc from 'picocolors';
import { calibrate } from '../run/calibrate.ts';
import { EXIT } from '../errors.ts';
import { loadScenario } from '../run/load.ts';
import { calibrationChecksOf } from '../machine/calibration.ts';
import { worstOf, type Check, type Level } from '../machine/check.ts';
import { checksOf } from '../machine/checks.ts';
import { machineFacts } from '../machine/facts.ts';
import { needOf } from '../machine/need.ts';
import { measureNoise } from '../machine/noise.ts';
import { Traffic } from '../model/scenario.ts';
import { oneLine } from '../report/text/terminal.ts';

const NOISE_LASTS_MS = 1000;
const COLOR_OF: Readonly<Record<Level, (text: string) => string>> = { ok: pc.green, warn: pc.yellow, problem: pc.red };

export interface DoctorArguments {
  scenario?: string | undefined;
  json: boolean;
  signal: AbortSignal;
}

/**
 * Checks and calibrates, prints what was found, and returns the exit code: 0, or 2 when there is a problem. Rejects
 * with ZerodropError when the scenario is bad.
 */
export async function doctor({ scenario, json, signal }: DoctorArguments): Promise<number> {
  const arms = scenario === undefined ? [{ traffic: Traffic.parse({}) }] : (await loadScenario(scenario)).arms;
  const need = needOf(arms);
  const facts = machineFacts();
  const noise = await measureNoise(NOISE_LASTS_MS);
  const checks = checksOf(facts, noise, need);
  const print = (some: readonly Check[]): void => {
    if (!json) process.stdout.write(some.map(textOf).join(''));
  };
  print(checks);
  if (!json && process.stderr.isTTY) process.stderr.write(pc.dim('Calibrating, about 10 seconds ...\r'));
  const calibration = await calibrate(signal).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (calibration === undefined) return EXIT.interrupted;
  const measured = calibrationChecksOf(calibration, need);
  print(measured);
  const level = worstOf([...checks, ...measured]);
  if (json) {
    process.stdout.write(
      `${JSON.stringify(
        { schema: 'zerodrop/doctor/1', level, checks: [...checks, ...measured], need, facts, noise, calibration },
        null,
        2,
      )}\n`,
    );
  } else {
    process.stdout.write(
      `\n${calibration.rule}\nA run learns its own limit for slow answers from its quiet time, and calls ` +
        `nothing a spike below it.\n`,
    );
  }
  return level === 'problem' ? EXIT.inconclusive : EXIT.pass;
}

function textOf({ name, level, found, todo }: Check): string {
  const line = `${COLOR_OF[level](level.padEnd(7))}  ${name.padEnd(10)}  ${oneLine(found)}\n`;
  return todo === '' ? line : `${line}${' '.repeat(21)}${pc.dim(`→ ${oneLine(todo)}`)}\n`;
}

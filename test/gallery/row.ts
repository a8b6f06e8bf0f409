/**
 * What the gallery says about one scenario: a row for each of its arms, and whether it is a surprise.
 *
 * Rule: numbers come from result.json, and from nowhere else. A target that says that it cannot be run here is no
 * surprise.
 */
import { EXIT } from '../../src/errors.ts';
import type { ArmResult, Finding, Result } from '../../src/model/result.ts';
import type { Verdict } from '../../src/model/expect.ts';
import { durationText, msText } from '../../src/report/view/words.ts';
import type { Attempt } from './attempt.ts';

export type State = 'expected' | 'surprise' | 'skipped';

/** One scenario, run or left out. */
export interface Shown {
  name: string;
  state: State;
  /** Why it is a surprise, or why it was left out. */
  reasons: string[];
  /** The attempts that the machine was too busy to judge: what said so, and the load that they met. */
  noise: string[];
  tookMs: number;
  /** The folder of the run. */
  folder?: string;
  arms: Row[];
}

export interface Row {
  arm: string;
  strategy: string;
  verdict: Verdict;
  expect: Verdict;
  asExpected: boolean;
  restarts: number;
  /** Requests and sentinels of restarts that met no good answer. */
  drops: number;
  gapMs: number;
  /** The longest run of slow answers in a restart. */
  stallMs: number;
  /** Median, from the signal until the old instance was gone; null when that was not seen. */
  drainMs: number | null;
  /** What was found, the gravest first; notes left out. */
  findings: Pick<Finding, 'code' | 'message' | 'hint'>[];
}

/** Findings that say that this machine was too busy to measure, and nothing about the target or about zerodrop. */
const OF_THE_MACHINE = ['harness-late', 'machine-busy', 'spike-limit-below-noise'];

/** A finding that follows from others. */
const CONSEQUENCE = 'too-few-restarts';

/** What kept the arms that surprised from a verdict. */
function inconclusiveIn({ findings }: Result, arm: string): string[] {
  return findings
    .filter((finding) => finding.arm === arm && finding.severity === 'inconclusive')
    .map(({ code }) => code)
    .filter((code) => code !== CONSEQUENCE);
}

/** Whether the machine, not the target or the scenario, kept a run from its verdict or from all of its findings. */
export function isForNothing({
  result,
  overBudget,
  leftovers,
}: Pick<Attempt, 'result' | 'overBudget' | 'leftovers'>): boolean {
  if (result === undefined || result.asExpected || overBudget || leftovers.length > 0) return false;
  const surprising = result.arms.filter(({ asExpected }) => !asExpected);
  return surprising.every(({ name, verdict, expect }) => {
    const codes = inconclusiveIn(result, name);
    const ofTheMachine = codes.filter((code) => OF_THE_MACHINE.includes(code));
    // A right verdict that lacks a finding: the losses that would show it were not judged.
    const partly = verdict === expect && ofTheMachine.length > 0;
    return partly || (verdict === 'inconclusive' && codes.length > 0 && ofTheMachine.length === codes.length);
  });
}

/** The findings by which a run was for nothing. */
export function noiseIn({ result }: Pick<Attempt, 'result'>): string[] {
  const arms = result?.arms.filter(({ asExpected }) => !asExpected) ?? [];
  return [...new Set(arms.flatMap(({ name }) => inconclusiveIn(result as Result, name)))];
}

/** An attempt as it is shown. */
export function shownOf(attempt: Attempt, noise: readonly string[] = []): Shown {
  const { entry, result, folder, tookMs } = attempt;
  const lacking = lackIn(attempt);
  const reasons = lacking ?? surprisesIn(attempt);
  return {
    name: entry.name,
    state: lacking !== undefined ? 'skipped' : reasons.length === 0 ? 'expected' : 'surprise',
    reasons,
    noise: [...noise],
    tookMs,
    ...(folder === undefined ? {} : { folder }),
    arms: result?.arms.map((arm) => rowOf(arm, result)) ?? [],
  };
}

/**
 * What a target lacks that no installation brings, such as a privilege: it says so and ends with 77, as tests do that
 * cannot be run (Automake, Meson). Undefined for everything else.
 */
function lackIn({ result, exitCode, output, leftovers }: Attempt): string[] | undefined {
  if (result !== undefined || exitCode !== EXIT.unhealthy || leftovers.length > 0) return undefined;
  const said = /ended with exit code 77 before it was healthy\.\n([\s\S]*?)(?=\n *→|$)/.exec(output)?.[1];
  return said === undefined ? undefined : [`it ${said.trim().replaceAll(/\s*\n\s*/g, ' ')}`];
}

function surprisesIn({ result, exitCode, output, overBudget, leftovers, tookMs }: Attempt): string[] {
  const left = leftovers.map((command) => `It left a process running: ${command}`);
  if (overBudget) return [`It was ended after ${durationText(tookMs)}: its time was up.`, ...left];
  if (result === undefined) {
    return [`zerodrop ended with ${exitCode}: ${output.trim().split('\n').slice(-8).join(' | ')}`, ...left];
  }
  const many = result.arms.length > 1;
  const unexpected = result.arms.flatMap(({ name, surprises }) =>
    surprises.map((surprise) => (many ? `${name}: ${surprise}` : surprise)),
  );
  const strange =
    unexpected.length === 0 && exitCode !== 0 ? [`All is as expected, and yet zerodrop ended with ${exitCode}.`] : [];
  return [...unexpected, ...strange, ...left];
}

function rowOf(arm: ArmResult, { findings }: Result): Row {
  const drains = arm.restarts
    .flatMap(({ drainMs }) => (drainMs === null ? [] : [drainMs]))
    .toSorted((one, other) => one - other);
  return {
    arm: arm.name,
    strategy: arm.strategy,
    verdict: arm.verdict,
    expect: arm.expect,
    asExpected: arm.asExpected,
    restarts: arm.restarts.length,
    drops: arm.restarts.reduce(
      (sum, { requests: { lost, raced, rejected, failed } }) => sum + lost + raced + rejected + failed,
      0,
    ),
    gapMs: arm.longestGapMs,
    stallMs: arm.stalls
      .filter(({ restart }) => restart !== null)
      .reduce((most, { lastedMs }) => Math.max(most, lastedMs), 0),
    drainMs: drains[Math.floor(drains.length / 2)] ?? null,
    findings: findings
      .filter((finding) => finding.arm === arm.name && finding.severity !== 'note')
      .map(({ code, message, hint }) => ({ code, message, hint })),
  };
}

/** The cells of a row as text, in the order of {@link HEAD}. */
export function cellsOf({ name, tookMs, arms }: Shown): string[][] {
  return arms.map((row, index) => [
    arms.length === 1 ? name : `${name}: ${row.arm}`,
    row.verdict,
    row.asExpected ? 'yes' : row.verdict === row.expect ? 'not all' : row.expect,
    String(row.drops),
    msText(row.gapMs),
    row.stallMs === 0 ? '-' : msText(row.stallMs),
    row.drainMs === null ? '-' : msText(row.drainMs),
    index === 0 ? `${Math.round(tookMs / 1000)} s` : '',
  ]);
}

export const HEAD = ['scenario', 'verdict', 'expected', 'drops', 'gap', 'stall', 'drain', 'took'];

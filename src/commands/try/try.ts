/**
 * `zerodrop try`: from a command to an answer in a minute, without a file.
 *
 * Rule: it looks, writes a scenario, and runs it as `zerodrop run` does: its numbers are those of the same instrument.
 * It answers questions and gates nothing: it exits with 0 once they are answered.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import Table from 'cli-table3';
import pc from 'picocolors';
import { EXIT, ZerodropError } from '../../errors.ts';
import { commandText } from '../../processes/command.ts';
import { BORDERLESS } from '../../report/text/borderless.ts';
import { openProgress } from '../../report/text/progress.ts';
import { oneLine } from '../../report/text/terminal.ts';
import { writing } from '../../run/folder.ts';
import { scenarioOf } from '../../run/load.ts';
import { run } from '../../run/run.ts';
import { answersOf, doubtsOf, nextSteps, type Answer } from './answers.ts';
import type { Found, Wishes } from './found.ts';
import { scenarioToTry } from './plan.ts';
import { savedScenario } from './saved-scenario.ts';
import { surveyServer, surveyService } from './survey.ts';

export interface TryArguments {
  /** The address of a service that runs; the command restarts it then. */
  url?: string | undefined;
  command: readonly string[];
  path?: string | undefined;
  rate: number;
  stopSignal: string;
  port?: number | undefined;
  count: number;
  headers: readonly string[];
  /** Where to write the scenario that goes on from there. */
  save?: string | undefined;
  outDir: string;
  quiet: boolean;
  /** The command line, as it shall stand in the report. */
  shown: string;
  signal: AbortSignal;
}

const WIDEST = 100;
const INDENT = 2;

/** Prints the answers and returns the exit code. Rejects with ZerodropError. */
export async function tryCommand(options: TryArguments): Promise<number> {
  const wishes = wishesOf(options);
  checkSave(options.save);
  const say = (text: string): void => {
    if (!options.quiet) process.stderr.write(`${oneLine(text)}\n`);
  };
  const found = await foundBy(options, say);
  if (options.signal.aborted) return EXIT.interrupted;
  say(foundText(found));
  const progress = openProgress({ stream: process.stderr, quiet: options.quiet });
  const { result, paths } = await run(scenarioOf(scenarioToTry(found, wishes)), {
    outDir: options.outDir,
    command: options.shown,
    progress,
    signal: options.signal,
  });
  if (options.save !== undefined) save(options.save, found, wishes);
  const doubts = doubtsOf(result).map((doubt) => `  ${pc.yellow('Doubtful:')} ${oneLine(doubt)}`);
  const steps = nextSteps(found, result, options.save);
  process.stdout.write(
    [
      '',
      answersTable(
        answersOf(found, wishes, result),
        Math.min(WIDEST, process.stdout.isTTY ? process.stdout.columns : WIDEST),
      ),
      '',
      ...doubts,
      ...steps.map((step, index) => `${index === 0 ? pc.bold('Next:') : '     '} ${oneLine(step)}`),
      `Report: ${oneLine(paths.html)}`,
      '',
    ].join('\n'),
  );
  return result.interrupted ? EXIT.interrupted : EXIT.pass;
}

async function foundBy(options: TryArguments, say: (text: string) => void): Promise<Found> {
  const url = options.url === undefined ? undefined : urlOf(options.url, options.command);
  if (options.command.length === 0) {
    throw new ZerodropError(
      'bad-arguments',
      url === undefined ? 'try needs the command that starts a server' : 'try needs a command after the address',
      url === undefined
        ? 'Write it after two dashes: zerodrop try -- node server.js'
        : `Write the command that restarts it after two dashes: zerodrop try ${url.href} -- RESTART COMMAND`,
    );
  }
  if (url === undefined) {
    say(`Starting ${commandText([...options.command])} to see which port it opens.`);
    return surveyServer({ ...options, say });
  }
  return surveyService(url, options.command);
}

function urlOf(text: string, command: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new ZerodropError(
    'bad-arguments',
    `${text} is not an address such as http://127.0.0.1:8080/`,
    `Write two dashes before the whole command: zerodrop try -- ${[text, ...command].join(' ')}`,
  );
}

function wishesOf({ path, rate, stopSignal, count, headers }: TryArguments): Wishes {
  return {
    path,
    ratePerSecond: rate,
    signal: (stopSignal.startsWith('SIG') ? stopSignal : `SIG${stopSignal}`) as NodeJS.Signals,
    count,
    headers: Object.fromEntries(headers.map(headerOf)),
  };
}

function headerOf(text: string): [string, string] {
  const at = text.indexOf(':');
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new ZerodropError('bad-arguments', `"${text}" is not a header`, "Write it as 'Name: value'.");
}

/** What was found, in a sentence. */
function foundText(found: Found): string {
  if (found.kind === 'attached') return `${found.origin} answers at ${found.healthPath}.`;
  const { port } = found.opened;
  const opens = found.heedsPort ? `It listens on the port in PORT` : `It ignores PORT and listens on port ${port}`;
  return `${opens}, and answers at ${found.healthPath}.`;
}

/** Questions on the left, answers wrapped on the right. */
function answersTable(answers: readonly Answer[], width: number): string {
  const questionWidth = Math.max(...answers.map(({ question }) => question.length)) + 2;
  const table = new Table({
    ...BORDERLESS,
    colWidths: [questionWidth + INDENT, Math.max(20, width - questionWidth - INDENT - 1)],
    wordWrap: true,
  });
  table.push(...answers.map(({ question, answer }) => [`${' '.repeat(INDENT - 1)}${question}`, oneLine(answer)]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function checkSave(file: string | undefined): void {
  if (file === undefined) return;
  if (!['.yaml', '.yml'].includes(extname(file))) {
    throw new ZerodropError(
      'bad-arguments',
      `--save writes YAML, and ${file} is not named so`,
      'Use a .yaml or .yml name.',
    );
  }
  if (existsSync(file)) {
    throw new ZerodropError('file-exists', `${file} already exists`, 'Name another file after --save.');
  }
}

function save(file: string, found: Found, wishes: Wishes): void {
  const name = basename(file, extname(file)).replace(/[^\w.-]/g, '-');
  writing(file, () => {
    writeFileSync(file, savedScenario(found, wishes, name), { flag: 'wx' });
  });
}

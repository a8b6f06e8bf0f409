/**
 * `zerodrop compare`: saved runs, or scenarios that are run now with all their arms in turns, against each other.
 *
 * Rule: it judges differences, not runs: fail when anything that a client can meet is worse than the first beyond
 * noise, inconclusive when it cannot be told (too few restarts, or a harness that was late), otherwise pass. What CI is
 * told, and how, is as for a run.
 */
import { basename, dirname, join } from 'node:path';
import pc from 'picocolors';
import { EXIT, ZerodropError } from '../errors.ts';
import { isSavedRun, openRunFolder, savedRunFolder } from '../run/folder.ts';
import { runsCompared } from '../judge/compare/runs.ts';
import type { Judgement } from '../judge/judge.ts';
import { loadScenario } from '../run/load.ts';
import type { Comparison } from '../model/comparison.ts';
import { maskOf } from '../model/secrets/mask.ts';
import { comparisonText } from '../report/text/comparison-text.ts';
import { comparisonView } from '../report/view/comparison-view.ts';
import { reportHtml } from '../report/page/html.ts';
import { junitXml } from '../report/text/junit.ts';
import { summaryMarkdown } from '../report/text/markdown.ts';
import { openProgress } from '../report/text/progress.ts';
import { runsView, type NamedView } from '../report/view/runs-view.ts';
import type { View } from '../report/view/view.ts';
import { viewOf } from '../report/view/view-of.ts';
import { writeWhole } from '../report/write.ts';
import { assertPrograms } from '../run/programs.ts';
import { run } from '../run/run.ts';
import { judgementIn } from '../run/saved.ts';
import { mergedScenario } from '../scenario/together.ts';
import { overridesOf } from '../run/overrides.ts';
import { tellCi } from './ci.ts';
import { copyTo, exitCodeOf, makeRoomFor, printLastLine, type Outputs } from './outputs.ts';

const COMPARISON_SCHEMA = 'zerodrop/comparison/1';

export interface CompareArguments {
  /** Saved runs and scenario files; the first is the reference. */
  named: readonly string[];
  restarts?: number | undefined;
  seed?: number | undefined;
  json?: string | undefined;
  html?: string | undefined;
  markdown?: string | undefined;
  junit?: string | undefined;
  png?: string | undefined;
  inconclusive: Outputs['inconclusive'];
  outDir: string;
  quiet: boolean;
  /** As it shall stand in the report. */
  command: string;
  signal: AbortSignal;
}

type NameOf = NamedView['nameOf'];

/** A run that is compared. */
interface Judged extends Judgement {
  folder: string;
}

/** Compares, prints, writes the reports and returns the exit code. Rejects with ZerodropError. */
export async function compare(given: CompareArguments): Promise<number> {
  const options = { ...given, command: maskOf([]).text(given.command) };
  makeRoomFor([options.json, options.html, options.markdown, options.junit, options.png]);
  const runs = await judgedRuns(options);
  if (options.signal.aborted) {
    printLastLine(runs, EXIT.interrupted);
    return EXIT.interrupted;
  }
  const labels = labelsOf(runs);
  const names = namesOf(runs, labels);
  const comparison = comparisonAmong(runs, labels, names);
  const view = runsView(
    runs.map((judgement, position) => ({ view: viewOf(judgement), nameOf: names[position] as NameOf })),
    comparison,
    options.command,
  );
  const folder = openRunFolder(options.outDir, 'compare', new Date());
  const html = await writeComparison(runs, comparison, view, folder, options);
  process.stdout.write(comparisonText(comparisonView(comparison), { color: pc.isColorSupported, reportPath: html }));
  tellCi(view, { expect: false });
  // How a saved run ended, and what its scenario expects of it, is not what is judged here.
  const exitCode = exitCodeOf({ ...view, interrupted: false }, { expect: false, inconclusive: options.inconclusive });
  printLastLine(runs, exitCode, {
    verdict: view.verdict,
    folder,
    pairs: comparison.pairs.map(({ reference, other, outcome }) => ({ reference, other, outcome })),
  });
  return exitCode;
}

/** Saved runs as they are, and one run of all scenarios together in the place of the first of them. */
async function judgedRuns({
  named,
  restarts,
  seed,
  outDir,
  quiet,
  command,
  signal,
}: CompareArguments): Promise<Judged[]> {
  const files = named.filter((name) => !isSavedRun(name));
  const scenarios = [];
  for (const file of files) scenarios.push(await loadScenario(file, overridesOf({ restarts })));
  const runs: Judged[] = [];
  for (const name of named) {
    if (isSavedRun(name)) {
      const folder = savedRunFolder(name);
      runs.push({ ...(await judgementIn(folder)), folder });
    } else if (name === files[0]) {
      const scenario = mergedScenario(scenarios);
      if (named.length === 1 && scenario.arms.length === 1) throw nothingToCompare('one scenario with one arm');
      assertPrograms(scenario);
      runs.push(
        await run(scenario, {
          outDir,
          ...(seed === undefined ? {} : { seed }),
          command,
          progress: openProgress({ stream: process.stderr, quiet }),
          signal,
        }),
      );
    }
  }
  return runs;
}

function comparisonAmong(runs: readonly Judged[], labels: readonly string[], names: readonly NameOf[]): Comparison {
  const [only] = runs;
  if (runs.length > 1) {
    return runsCompared(
      runs.map(({ folder, recording, evidence }, position) => ({
        label: labels[position] as string,
        run: folder,
        recording,
        evidence,
        nameOf: names[position] as NameOf,
      })),
    );
  }
  if (only?.result.comparison !== undefined) return only.result.comparison;
  throw nothingToCompare('one run with one arm');
}

function nothingToCompare(what: string): ZerodropError {
  return new ZerodropError(
    'bad-arguments',
    `there is nothing to compare: ${what}`,
    'Name two runs or scenarios, or a scenario with several arms.',
  );
}

/** The last part of each folder; where runs share it, the last two. */
function labelsOf(runs: readonly Judged[]): string[] {
  const short = runs.map(({ folder }) => basename(folder));
  if (new Set(short).size === short.length) return short;
  return runs.map(({ folder }, position) => `${position + 1}: ${basename(dirname(folder))}/${basename(folder)}`);
}

/** For each run the names of its arms in the comparison. */
function namesOf(runs: readonly Judged[], labels: readonly string[]): NameOf[] {
  if (runs.length === 1) return [(arm) => arm];
  return labels.map((label, position) => (arm) => (runs[position]?.evidence.length === 1 ? label : `${label} ${arm}`));
}

/** Writes the reports into their folder, with copies where they were asked for; returns where the page is. */
async function writeComparison(
  runs: readonly Judged[],
  comparison: Comparison,
  view: View,
  folder: string,
  options: CompareArguments,
): Promise<string> {
  const heads = runs.map(({ folder: run, result }) => ({
    run,
    scenario: result.scenario,
    startedAt: result.startedAt,
    verdict: result.verdict,
    zerodrop: result.zerodrop,
    environment: result.environment,
    arms: result.arms.map(({ name }) => name),
  }));
  const { comparisonPng } = await import('../report/png/png.ts');
  const files: [string, string | Uint8Array, string | undefined][] = [
    [
      'comparison.json',
      `${JSON.stringify({ schema: COMPARISON_SCHEMA, command: options.command, runs: heads, comparison }, null, 2)}\n`,
      options.json,
    ],
    ['report.html', reportHtml(view), options.html],
    ['summary.md', summaryMarkdown(view), options.markdown],
    ['junit.xml', junitXml(view, { inconclusiveFails: options.inconclusive === 'fail' }), options.junit],
    ['comparison.png', await comparisonPng(view), options.png],
  ];
  for (const [name, content, copy] of files) {
    await writeWhole(join(folder, name), content);
    if (copy !== undefined) copyTo(copy, join(folder, name));
  }
  return options.html ?? join(folder, 'report.html');
}

/**
 * A saved run, read back from its log and judged.
 *
 * Rule: a contradiction in a log that is as it was written is a bug of ours and crashes loudly. In any other log it is
 * damage: the user's file, and not our bug.
 */
import { join } from 'node:path';
import { ZerodropError } from '../errors.ts';
import type { ComparedRun } from '../judge/compare/runs.ts';
import { startRecording, type Recording } from '../judge/fold/recording.ts';
import { judgementOf, type Judgement } from '../judge/judge.ts';
import { damaged, readLog } from '../log/read.ts';
import { writeReports, type ReportPaths } from '../report/write.ts';
import { LOG_FILE, savedRunFolder } from './folder.ts';

/** A finished run: what was judged, and where its files lie. */
export interface FinishedRun extends Judgement {
  folder: string;
  paths: ReportPaths;
}

/**
 * Judges a saved run again and writes its reports. Rejects with ZerodropError `run-not-found`, `other-schema`,
 * `damaged-run`, `not-comparable`, `cannot-write`.
 */
export async function judgeRun(
  folder: string,
  baseline?: ComparedRun,
  options: { png?: boolean } = {},
): Promise<FinishedRun> {
  const judgement = await judgementIn(folder, baseline);
  const paths = await writeReports(judgement, folder, options).catch((error: unknown) => {
    throw problemWith(folder, judgement.recording.sealed, error);
  });
  return { ...judgement, folder, paths };
}

/** The judgement of a saved run. Rejects as {@link judgeRun}. */
export async function judgementIn(folder: string, baseline?: ComparedRun): Promise<Judgement> {
  const recording = await recordingIn(folder);
  try {
    return judgementOf(recording, baseline);
  } catch (error) {
    throw problemWith(folder, recording.sealed, error);
  }
}

/**
 * An earlier run, named by its folder or one of its files, as what another one is held to. Rejects as {@link judgeRun}.
 */
export async function baselineOf(named: string): Promise<ComparedRun> {
  const folder = savedRunFolder(named);
  const { recording, evidence } = await judgementIn(folder);
  const nameOf = (arm: string): string => (evidence.length === 1 ? 'baseline run' : `baseline run ${arm}`);
  return { label: 'the baseline', run: folder, recording, evidence, nameOf };
}

/** Whether the log is sealed shows at its end only, so it is read to the end also after a contradiction. */
async function recordingIn(folder: string): Promise<Recording> {
  const recording = startRecording();
  let problem: { error: unknown } | undefined;
  let sealed = false;
  for await (const event of readLog(join(folder, LOG_FILE))) {
    sealed = event.kind === 'end' && event.seal !== undefined;
    try {
      if (problem === undefined) recording.add(event);
    } catch (error) {
      problem = { error };
    }
  }
  try {
    if (problem === undefined) return recording.finish();
  } catch (error) {
    problem = { error };
  }
  throw problemWith(folder, sealed, problem.error);
}

function problemWith(folder: string, sealed: boolean, error: unknown): unknown {
  if (sealed || error instanceof ZerodropError) return error;
  return damaged(join(folder, LOG_FILE), error instanceof Error ? error.message : String(error));
}

/**
 * Judgements of saved logs, for golden files.
 *
 * Rule: the log is real, from a run of this tool, and never changes, but that it is rewritten when the format does.
 * What is said about it may change, and then a golden file shows how.
 */
import { fileURLToPath } from 'node:url';
import { judgementOf, type Judgement } from '../../src/judge/judge.ts';
import { startRecording } from '../../src/judge/fold/recording.ts';
import { readLog } from '../../src/log/read.ts';

/**
 * `two-arms`: four restarts of a server that drops requests each time, and four of one that hands its socket over, in
 * turns. `hasty-drain`: three restarts of one that throws away what it is answering.
 */
export type SavedLog = 'two-arms' | 'hasty-drain';

/** The judgement of the log in the folder of that name. */
export async function savedJudgement(log: SavedLog): Promise<Judgement> {
  const recording = startRecording();
  for await (const event of readLog(fileURLToPath(new URL(`${log}/events.ndjson.gz`, import.meta.url)))) {
    recording.add(event);
  }
  return judgementOf(recording.finish());
}

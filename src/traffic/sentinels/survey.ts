/**
 * What is asked of a target before sentinels are placed: does the path answer as expected, and does it take long
 * enough?
 *
 * Rule: a sentinel that could not see anything is told as a problem before the restart, not taken for a clean one after
 * it.
 */
import type { PlannedRequest } from '../../model/plan.ts';
import type { Observation } from '../client.ts';
import type { Scout, Survey } from './sentinel.ts';

/** A request is sent again before the signal at most so often, ms; one that takes less is not always under way. */
export const SHORTEST_ROUND_MS = 20;

/** One request on a connection of its own. */
export async function reference(
  scout: Scout,
  request: PlannedRequest,
  tap?: (part: Uint8Array) => void,
): Promise<Observation> {
  const line = scout.line();
  await line.opened;
  const seen = await line.ask(request, tap === undefined ? {} : { tap, raw: true }).ended;
  line.destroy();
  return seen;
}

/** Whether the request is answered as expected. */
export async function surveyed(scout: Scout): Promise<Survey> {
  return surveyOf(scout, await reference(scout, scout.request));
}

/** As {@link surveyed}, and whether it takes so long that it is under way at any moment. */
export async function surveyedSlow(scout: Scout): Promise<Survey> {
  const seen = await reference(scout, scout.request);
  const survey = surveyOf(scout, seen);
  const tookMs = seen.endMs - seen.dueMs;
  if (survey.problem !== undefined || tookMs >= SHORTEST_ROUND_MS) return survey;
  return tooQuick(scout.request.path, tookMs);
}

/** What is to be said of a path whose answers take `tookMs`, less than a round. */
export function tooQuick(path: string, tookMs: number): Survey {
  const took = Math.max(1, Math.round(tookMs));
  return {
    problem:
      `${path} answers within ${took} ms, so that often nothing is under way at the signal. Name a path that ` +
      `takes ${10 * SHORTEST_ROUND_MS} ms or more.`,
  };
}

/** The survey that an answer amounts to. */
export function surveyOf(scout: Scout, seen: Observation): Survey {
  const wrong = scout.problemWith(seen);
  if (wrong === undefined) return {};
  const { method, path } = scout.request;
  return {
    useless: true,
    problem: `${method} ${path} is not answered as expected (${wrong}). Name a path that is, and what it answers.`,
  };
}

/**
 * Waiting until a restart of a workload is over.
 *
 * Rule: over means rolled out by kubectl's rules, as many pods ready as are wanted, and none left that was to go; then
 * for as long as a client may still wait for an answer of one of those, so that a loss falls into its own restart.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from '../../model/control.ts';
import { durationText } from '../../model/units.ts';
import { untilOutcome } from '../../processes/wait.ts';
import type { Pod } from './objects.ts';
import { servingPods, type Observed, type Place } from './observed.ts';
import { isReady, isTerminating, troubleOf } from './pods.ts';
import { progressOf, wantedOf } from './progress.ts';

export interface Settling {
  place: Place;
  observed: Observed;
  /** Which generation must be rolled out. */
  generation: number;
  /** Whether this pod is one that must have gone. */
  mustGo(pod: Pod): boolean;
  /** The successors are ready, and old pods may still end. */
  ready(): void;
  withinMs: number;
  clientTimeoutMs: number;
  closing: AbortSignal;
}

/** Rejects with StepFailure when it is not over in time, or cannot come to its end. */
export async function settled(settling: Settling): Promise<void> {
  const { place, withinMs, clientTimeoutMs, closing } = settling;
  const what = `The ${place.kind} ${place.name}`;
  const seen = { ready: false };
  let last = 'nothing was seen of it';
  const outcome = await untilOutcome<'over' | 'failed'>(
    () => {
      const left = whatIsMissing(settling);
      if (left === undefined) return 'over';
      last = left.text;
      if (left.failed === true) return 'failed';
      if (left.isReady === true && !seen.ready) {
        seen.ready = true;
        settling.ready();
      }
      return undefined;
    },
    withinMs,
    closing,
  );
  if (outcome === 'over') {
    if (!seen.ready) settling.ready();
    await delay(clientTimeoutMs, undefined, { signal: closing }).catch(() => undefined);
    return;
  }
  if (closing.aborted) return;
  const trouble = settling.observed.pods().flatMap((pod) => (isReady(pod) ? [] : (troubleOf(pod) ?? [])));
  throw new StepFailure(
    `${what} was not rolled out${outcome === 'failed' ? '' : ` within ${durationText(Math.round(withinMs))}`}: ` +
      `${[last, ...trouble].join('; ')}.`,
    `See kubectl describe ${place.kind}/${place.name} --namespace ${place.namespace}` +
      (outcome === 'failed' ? '.' : ', or raise restart.timeout.'),
  );
}

interface Missing {
  text: string;
  /** It will not come any more. */
  failed?: true;
  /** Only old pods that end are waited for. */
  isReady?: true;
}

function whatIsMissing({ place: { kind }, observed, generation, mustGo }: Settling): Missing | undefined {
  const workload = observed.workload();
  if (workload === undefined) return { text: 'it was deleted', failed: true };
  const progress = progressOf(kind, workload, generation);
  if (!progress.done) return progress;
  const wanted = wantedOf(kind, workload);
  const serving = servingPods(observed).filter((pod) => !mustGo(pod)).length;
  if (serving < wanted) return { text: `${serving} of ${wanted} pods are ready` };
  const leaving = observed.pods().filter((pod) => mustGo(pod) || isTerminating(pod));
  if (leaving.length === 0) return undefined;
  return { text: `old pods left: ${leaving.map(({ metadata }) => metadata.name).join(', ')}`, isReady: true };
}

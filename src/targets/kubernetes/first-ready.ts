/**
 * Waiting until a workload that runs already is as it should be, and clients are answered.
 *
 * Rule: a rollout that is still under way would spoil the first restart, so it is waited for, too.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ZerodropError } from '../../errors.ts';
import { durationText } from '../../model/units.ts';
import { untilOutcome } from '../../processes/wait.ts';
import { probe } from '../healthcheck.ts';
import type { Setting } from '../process/setting.ts';
import type { Observed, Place } from './observed.ts';
import { isReady, isTerminating, troubleOf } from './pods.ts';
import { progressOf } from './progress.ts';

export interface FirstReady {
  place: Place;
  observed: Observed;
  setting: Setting;
  closing: AbortSignal;
  aborted?: AbortSignal | undefined;
}

/** Rejects with ZerodropError `target-not-healthy`; ends early when aborted. */
export async function waitFirstReady(waiting: FirstReady): Promise<void> {
  const { place, setting, closing, aborted } = waiting;
  const { path, interval, start_period: limitMs } = setting.target.healthcheck;
  let problem: { text: string; advice: string } | undefined;
  const ended = await untilOutcome(
    async () => {
      if (aborted?.aborted === true) return true;
      problem = ofWorkload(waiting) ?? (await ofClients(setting));
      if (problem === undefined) return true;
      await delay(interval);
      return undefined;
    },
    limitMs,
    closing,
  );
  if (ended === true) return;
  throw new ZerodropError(
    'target-not-healthy',
    `The ${place.kind} ${place.name} was not ready for a restart within ${durationText(limitMs)}: ` +
      `${problem?.text ?? 'nothing was seen of it'}.`,
    problem?.advice ?? `See GET ${setting.origin}${path}.`,
  );
}

function ofWorkload({ place, observed }: FirstReady): { text: string; advice: string } | undefined {
  const workload = observed.workload();
  const advice = `See kubectl describe ${place.kind}/${place.name} --namespace ${place.namespace}.`;
  if (workload === undefined) return { text: 'it was deleted', advice };
  const progress = progressOf(place.kind, workload, workload.metadata.generation ?? 0);
  const pods = observed.pods();
  if (!progress.done) {
    const trouble = pods.flatMap((pod) => (isReady(pod) ? [] : (troubleOf(pod) ?? [])));
    return { text: [progress.text, ...trouble].join('; '), advice };
  }
  const ending = pods.filter(isTerminating);
  if (ending.length > 0) return { text: `${ending.length} of its pods still end`, advice };
  return pods.length > 0 ? undefined : { text: 'it has no pods', advice: 'Scale it up first.' };
}

async function ofClients({
  target,
  origin,
  tls,
  isHttp2,
}: Setting): Promise<{ text: string; advice: string } | undefined> {
  const { healthcheck } = target;
  const { healthy, problem, advice } = await probe({
    ...healthcheck,
    origin,
    timeoutMs: healthcheck.timeout,
    tls,
    isHttp2,
  });
  if (healthy) return undefined;
  return {
    text: `the healthcheck ${healthcheck.method} ${origin}${healthcheck.path} says: ${problem ?? 'not healthy'}`,
    advice: advice ?? 'Correct target.url (where clients reach the workload) and target.healthcheck.path.',
  };
}

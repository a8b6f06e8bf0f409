/**
 * Opens a workload of a cluster as a target: finds it, watches it, and waits until clients are answered.
 *
 * Rule: it runs on when the run is over; nothing of it is ended here.
 */
import { ZerodropError } from '../../errors.ts';
import { workloadOf } from '../../model/kubernetes.ts';
import { durationText } from '../../model/units.ts';
import { TOKEN_VARIABLE } from '../../processes/ours.ts';
import { settingOf } from '../process/setting.ts';
import { runStep } from '../run-step.ts';
import type { Death, RunningTarget, TargetOptions } from '../target.ts';
import { workloadControlOf } from './control.ts';
import { accessOf } from './library.ts';
import { waitFirstReady } from './first-ready.ts';
import { observe, type Place } from './observed.ts';
import { userErrorOf } from './refusal.ts';
import { clusterOf } from './request.ts';
import type { Gap } from './watch.ts';

/** Rejects with ZerodropError. */
export async function openWorkload({
  arm,
  isHttp2,
  chronicle,
  token,
  variables,
}: TargetOptions): Promise<RunningTarget> {
  const { target, traffic } = arm;
  if (target.kubernetes === undefined) throw new Error('an arm without a workload');
  const setting = await settingOf(target, variables, undefined, isHttp2);
  const access = await accessOf(target.kubernetes.context);
  const cluster = clusterOf(access);
  const place: Place = {
    cluster,
    ...workloadOf(target.kubernetes),
    namespace: target.kubernetes.namespace ?? access.namespace,
  };
  const closing = new AbortController();
  let die = (_how: Death): void => undefined;
  const died = new Promise<Death>((tell) => (die = tell));
  const observed = await observe({
    ...place,
    chronicle,
    gap: (gap) => chronicle.fact(gapFact(gap)),
    failed(refusal) {
      const error = userErrorOf(refusal, cluster.context);
      if (error instanceof ZerodropError) die({ message: error.message, hint: error.hint });
    },
    signal: closing.signal,
  }).catch((error: unknown) => {
    closing.abort();
    throw userErrorOf(error, cluster.context);
  });
  observed.onEnding(() => chronicle.ending(undefined));
  void observed.gone.then(() =>
    die({ message: `the ${place.kind} ${place.name} was deleted`, hint: 'See who deleted it, and apply it again.' }),
  );

  return {
    ...workloadControlOf({
      place,
      observed,
      chronicle,
      clientTimeoutMs: traffic.client.timeout,
      closing: closing.signal,
      run: (command, limitMs) =>
        runStep({
          command,
          folder: setting.folder,
          environment: { ...setting.environment, [TOKEN_VARIABLE]: token },
          limitMs,
          aborted: closing.signal,
        }),
    }),
    origin: setting.origin,
    endsByInstance: true,
    died,
    startFirst: (aborted) => waitFirstReady({ place, observed, setting, closing: closing.signal, aborted }),
    sample: () => undefined,
    leftovers: () => [],
    zombies: () => [],
    close() {
      closing.abort();
      return Promise.resolve({ leftovers: [], forced: false });
    },
  };
}

/** A time in which nothing of the cluster could be seen. */
function gapFact({ resource, ms, why, missed }: Gap): Parameters<TargetOptions['chronicle']['fact']>[0] {
  return {
    code: 'watch-gap',
    message:
      `the watch of ${resource.plural} had a gap of ${durationText(Math.round(ms))} (${why}); ` +
      (missed ? 'changes in it may have been missed' : 'changes in it arrived late'),
  };
}

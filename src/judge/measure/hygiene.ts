/**
 * Hygiene: what the restarts left behind.
 *
 * Rule: a process is left over when it had no part in serving after two restarts in a row, or at the end; one that is
 * seen once may only be slow to end. The same holds for a zombie: a parent may come to wait for it.
 */
import type { EventOf } from '../../model/event.ts';
import { distinctInstances, isSameInstance, type InstanceId } from '../../model/instance-id.ts';
import type { Hygiene } from '../../model/result.ts';
import type { SessionRecording } from '../fold/recording.ts';
import { trendOf, type Trend } from './trend.ts';

type Sample = EventOf<'sample'>;
type Figure = 'fds' | 'rssBytes' | 'threads';

export interface HygieneFacts {
  /** By what the serving processes grew per restart; null when there were too few samples. */
  trends: Record<Figure, Trend | null>;
  /** After restarts. */
  samples: Sample[];
  /** Of all sessions. */
  leftovers: InstanceId[];
  /** Processes that were left over by a target of which the log does not say which. */
  leftoverUnknown: number;
  /** Of the targets of all sessions. */
  zombies: InstanceId[];
  /** Numbers of the restarts that began while the old instance of the one before was still there, by session. */
  stillDraining: { session: number; restart: number }[];
}

/** What the restarts of an arm left behind. */
export function hygieneFactsOf(sessions: readonly SessionRecording[]): HygieneFacts {
  // What was there before the first restart has warmed up, and holds the connections that were opened at the start.
  const trend = (figure: Figure): Trend | null =>
    trendOf(
      sessions.map(({ samples }) =>
        samples.flatMap((sample) =>
          sample.restart === undefined ? [] : [{ restart: sample.restart, value: sample[figure] }],
        ),
      ),
    );
  return {
    trends: { fds: trend('fds'), rssBytes: trend('rssBytes'), threads: trend('threads') },
    samples: sessions.flatMap(({ samples }) => samples.filter(({ restart }) => restart !== undefined)),
    leftovers: sessions.flatMap(({ samples, facts }) =>
      distinctInstances([
        ...lasting(samples, (sample) => sample.leftovers),
        ...facts.filter(isLeftover).flatMap(({ instances }) => instances ?? []),
      ]),
    ),
    leftoverUnknown: sessions
      .flatMap(({ facts }) => facts.filter(isLeftover))
      .filter(({ instances }) => instances === undefined).length,
    zombies: sessions.flatMap(({ samples }) => distinctInstances(lasting(samples, (sample) => sample.zombies))),
    stillDraining: sessions.flatMap(stillDrainingIn),
  };
}

/** Hygiene as it stands in the result. */
export function hygieneOf(
  { trends, leftovers, leftoverUnknown, zombies, stillDraining }: HygieneFacts,
  sessions: readonly SessionRecording[],
): Hygiene {
  const times = (code: EventOf<'fact'>['code']): number =>
    sessions.flatMap(({ facts }) => facts).filter((fact) => fact.code === code).length;
  return {
    leftoverProcesses: leftovers.length + leftoverUnknown,
    zombies: zombies.length,
    fdGrowthPerRestart: trends.fds?.slope ?? null,
    rssGrowthBytesPerRestart: trends.rssBytes?.slope ?? null,
    threadGrowthPerRestart: trends.threads?.slope ?? null,
    forcedKills: times('forced-kill'),
    nonZeroExits: times('non-zero-exit'),
    stillDraining: stillDraining.length,
  };
}

const isLeftover = ({ code }: EventOf<'fact'>): boolean => code === 'leftover-process';

/** Those that were there in two samples in a row. */
function lasting(samples: readonly Sample[], idsIn: (sample: Sample) => InstanceId[]): InstanceId[] {
  return samples.slice(1).flatMap((sample, position) => {
    const before = idsIn(samples[position] as Sample);
    return idsIn(sample).filter((id) => before.some((earlier) => isSameInstance(earlier, id)));
  });
}

/** Restarts that began when an instance that had begun to drain in the restart before was not gone. */
function stillDrainingIn({ session, restarts, instances }: SessionRecording): HygieneFacts['stillDraining'] {
  return restarts.flatMap(({ restart, moments: { began } }, position) => {
    const previousMs = restarts[position - 1]?.moments.began;
    if (began === undefined || previousMs === undefined) return [];
    const isThere = instances.some(
      ({ instance, state, atMs }) =>
        state === 'draining' &&
        atMs >= previousMs &&
        atMs <= began &&
        !instances.some((other) => other.instance === instance && other.state === 'gone' && other.atMs <= began),
    );
    return isThere ? [{ session, restart }] : [];
  });
}

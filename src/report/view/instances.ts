/**
 * The instances of an arm as stretches of time: starting, serving, draining, until they were gone.
 *
 * Rule: a state that the log does not tell of is not made up; an instance whose end was not seen lasts until its
 * session ended.
 */
import type { SessionRecording } from '../../judge/fold/recording.ts';
import type { EventOf } from '../../model/event.ts';
import type { InstanceState, InstanceView } from './view.ts';

const STATES: Readonly<Partial<Record<EventOf<'instance'>['state'], InstanceState>>> = {
  started: 'starting',
  ready: 'serving',
  draining: 'draining',
};

/** The instances in the order of their start. */
export function instancesOf(sessions: readonly SessionRecording[]): InstanceView[] {
  const views = sessions.flatMap((session) => {
    const untilMs = Math.max(session.lastAtMs, session.trafficEnd?.atMs ?? 0);
    const numbers = [...new Set(session.instances.map(({ instance }) => instance))];
    return numbers.map((number) =>
      instanceView(
        session.instances.filter(({ instance }) => instance === number),
        untilMs,
      ),
    );
  });
  return views
    .filter(({ stretches }) => stretches.length > 0)
    .sort((one, other) => (one.stretches[0]?.fromMs ?? 0) - (other.stretches[0]?.fromMs ?? 0))
    .map((view, index) => ({ ...view, number: index + 1 }));
}

function instanceView(events: readonly EventOf<'instance'>[], untilMs: number): InstanceView {
  const inTime = events.toSorted((one, other) => one.atMs - other.atMs);
  const id = inTime.findLast((event) => event.id !== undefined)?.id;
  const stretches = inTime.flatMap(({ state, atMs }, index) => {
    const named = STATES[state];
    const toMs = inTime[index + 1]?.atMs ?? untilMs;
    return named === undefined || toMs <= atMs ? [] : [{ state: named, fromMs: atMs, toMs }];
  });
  return {
    label: id?.label ?? '',
    number: 0,
    stretches,
    gone: inTime.some(({ state }) => state === 'gone'),
  };
}

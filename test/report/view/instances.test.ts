import { describe, expect, it } from 'vitest';
import { lanesOf } from '../../../src/report/charts/lanes.ts';
import { instancesOf } from '../../../src/report/view/instances.ts';
import type { EventOf } from '../../../src/model/event.ts';
import type { InstanceView } from '../../../src/report/view/view.ts';
import { idOf, logOf, recordingOf } from '../../judge/log.ts';

const event = (
  instance: number,
  state: EventOf<'instance'>['state'],
  atMs: number,
  session = 0,
): EventOf<'instance'> => ({
  kind: 'instance',
  session,
  instance,
  state,
  atMs,
  ...(state === 'started' ? { id: idOf(instance) } : {}),
});
const instances = (...events: EventOf<'instance'>[]): InstanceView[] =>
  instancesOf(recordingOf(logOf({ more: events })).sessions);

describe('instancesOf', () => {
  it('tells each state from its moment to the next', () => {
    const [first, second] = instances(
      event(0, 'started', 0),
      event(0, 'ready', 50),
      event(1, 'started', 1000),
      event(0, 'draining', 1100),
      event(1, 'ready', 1200),
      event(0, 'gone', 1300),
    );
    expect(first).toEqual({
      label: 'pid 100',
      number: 1,
      stretches: [
        { state: 'starting', fromMs: 0, toMs: 50 },
        { state: 'serving', fromMs: 50, toMs: 1100 },
        { state: 'draining', fromMs: 1100, toMs: 1300 },
      ],
      gone: true,
    });
    expect(second).toMatchObject({
      number: 2,
      gone: false,
      stretches: [
        { state: 'starting', toMs: 1200 },
        { state: 'serving', toMs: 5000 },
      ],
    });
  });

  it('makes up no state that was not told', () => {
    const [only] = instances(event(0, 'started', 10), event(0, 'gone', 900));
    expect(only?.stretches).toEqual([{ state: 'starting', fromMs: 10, toMs: 900 }]);
  });
});

describe('lanesOf', () => {
  const alive = (fromMs: number, toMs: number): InstanceView => ({
    label: '',
    number: 0,
    stretches: [{ state: 'serving', fromMs, toMs }],
    gone: true,
  });

  it('puts a successor into another lane, and uses a lane again', () => {
    expect(lanesOf([alive(0, 10), alive(20, 30), alive(40, 50)])).toEqual([1, 2, 1]);
  });

  it('never lets two instances share a lane at one time', () => {
    const all = Array.from({ length: 60 }, (_, index) => alive(index * 10, index * 10 + 5 + ((index * 37) % 60)));
    const lanes = lanesOf(all);
    for (const [one, { stretches: a }] of all.entries()) {
      for (const [other, { stretches: b }] of all.entries()) {
        const apart = (a[0]?.toMs ?? 0) <= (b[0]?.fromMs ?? 0) || (b[0]?.toMs ?? 0) <= (a[0]?.fromMs ?? 0);
        if (one !== other && lanes[one] === lanes[other]) expect(apart).toBe(true);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../src/model/outcome.ts';
import type { InstanceId } from '../../../src/model/instance-id.ts';
import type { Event, Story } from '../../../src/model/event.ts';
import { causeOf } from '../../../src/judge/measure/cause.ts';
import type { JudgedFailure } from '../../../src/judge/measure/failures.ts';
import { idOf, judged, story } from '../log.ts';

const instance = (n: number, state: 'started' | 'ready' | 'draining' | 'gone', atMs: number): Event => ({
  kind: 'instance',
  session: 0,
  atMs,
  instance: n,
  state,
  ...(state === 'gone' ? {} : { id: idOf(n) }),
});
const instances = [
  instance(0, 'started', 0),
  instance(0, 'ready', 5),
  instance(0, 'gone', 1100),
  instance(1, 'started', 1150),
];

function failed(one: Story, outcome: JudgedFailure['outcome'] = 'closed'): JudgedFailure | undefined {
  const more: Event[] = [
    ...instances,
    { kind: 'failure', session: 0, stream: 'fresh', seq: one.dueMs / 10, outcome, story: one },
  ];
  return judged({ fate: (dueMs) => (dueMs === one.dueMs ? null : 1), more }).failures[0];
}

describe('a failure', () => {
  it('knows its place in the run', () => {
    expect(failed(story(1080, 30, { writtenMs: 1081, connectedMs: 1080.5, uses: 0 }))).toEqual({
      arm: 'default',
      session: 0,
      restart: 0,
      phase: 'gone',
      instance: idOf(0),
      stream: 'fresh',
      sentinel: null,
      number: 108,
      outcome: 'closed',
      story: expect.objectContaining({ dueMs: 1080 }),
      dueAtMs: 1080,
      endAtMs: 1110,
      heldUpMs: 0,
      cause:
        'A new connection was closed when the old instance was gone, 29 ms after the request was written, ' +
        'before it sent anything.',
    });
  });

  it('in quiet time belongs to no restart', () => {
    expect(failed(story(500))).toMatchObject({ restart: null, phase: 'before' });
    expect(failed(story(2500))).toMatchObject({ restart: null, phase: 'settled' });
  });

  it('is blamed on the instance that had its connection, where only one can have had it', () => {
    expect(failed(story(1200, 5, { writtenMs: 1201, ageMs: 300 }))?.instance).toEqual(idOf(0));
    expect(failed(story(1200, 5, { writtenMs: 1201, ageMs: 10 }))?.instance).toEqual(idOf(1));
    expect(failed(story(1110, 5, { connectedMs: 1120 }))?.instance).toBeNull();
    expect(failed(story(1110, 5), 'refused')?.instance).toBeNull();
  });

  it('behind a front door is blamed on whom the answer or the door names, and on nobody else', () => {
    const named = (n: number, name: string, state: 'started' | 'ready', atMs: number): Event => ({
      kind: 'instance',
      session: 0,
      atMs,
      instance: n,
      state,
      id: idOf(n),
      name,
      ...(state === 'ready' ? { identity: `one-${n}` } : {}),
    });
    const fleet: Event[] = [
      ...[named(0, 'i1', 'started', 0), named(0, 'i1', 'ready', 5)],
      // Its process exited on its own, and another one took its place.
      ...[
        named(1, 'i1', 'started', 900),
        named(1, 'i1', 'ready', 905),
        named(2, 'i2', 'started', 950),
        named(2, 'i2', 'ready', 955),
      ],
      { kind: 'identity', session: 0, index: 0, value: 'one-2' },
      { kind: 'identity', session: 0, index: 1, value: 'a proxy' },
    ];
    const blamed = (more: Partial<Story>): InstanceId | null | undefined => {
      const one = story(1200, 5, { connectedMs: 1200.5, ...more });
      const failure: Event = { kind: 'failure', session: 0, stream: 'fresh', seq: 120, outcome: 'closed', story: one };
      return judged({ fate: (dueMs) => (dueMs === 1200 ? null : 1), more: [...fleet, failure] }).failures[0]?.instance;
    };
    expect(blamed({ identity: 0 })).toEqual(idOf(2));
    expect(blamed({ backend: 'i1' })).toEqual(idOf(1));
    expect(blamed({ backend: 'i1', writtenMs: 1201, ageMs: 700 })).toEqual(idOf(0));
    expect(blamed({ identity: 0, backend: 'i1' })).toEqual(idOf(2));
    expect(blamed({})).toBeNull();
    expect(blamed({ identity: 1 })).toBeNull();
    expect(blamed({ backend: 'i9' })).toBeNull();
  });

  it('that timed out is placed where it was sent', () => {
    expect(failed(story(1050, 5000), 'timeout')?.phase).toBe('signalled');
  });

  it('may be a sentinel', () => {
    const more: Event[] = [
      { kind: 'sentinel', session: 0, restart: 1, sentinel: 'idle', index: 3, outcome: 'raced', story: story(3010) },
    ];
    expect(judged({ more, sentinelsDue: 1 }).failures).toMatchObject([
      { restart: 1, stream: null, sentinel: 'idle', number: 3, phase: 'signalled' },
    ]);
  });

  it('comes in the order of time', () => {
    const { failures } = judged({ fate: (dueMs) => (dueMs % 700 === 0 ? 'reset' : 1) });
    expect(failures.map(({ dueAtMs }) => dueAtMs)).toEqual([0, 700, 1400, 2100, 2800, 3500, 4200, 4900]);
  });
});

describe('its cause', () => {
  it('is a sentence for every outcome', () => {
    for (const outcome of OUTCOMES) expect(causeOf(outcome, story(0), 'ready')).toMatch(/^(?:[A-Z]|zerodrop ).*\.$/);
  });

  it.each([
    [
      'raced',
      { uses: 14, idleMs: 12 },
      'A kept-alive connection (14 requests before), idle for 12 ms, was closed right after the signal, ' +
        'just as the request was written.',
    ],
    ['reset', {}, 'A new connection was reset right after the signal, before the ' + 'request was written.'],
    [
      'timeout',
      { deadline: 'head' },
      'Nothing came in time (connected, but no head of an answer), 1 ms after it was due; it was sent right ' +
        'after the signal.',
    ],
    [
      'timeout',
      { deadline: 'total', ending: 'never' },
      'Nothing came in time (no connection), 1 ms after it was due; it was sent right after ' + 'the signal.',
    ],
    [
      'failed',
      { note: 'status 500, expected 200 to 399' },
      'The answer was wrong right after the signal: status 500, expected ' + '200 to 399.',
    ],
    [
      'unsent',
      { note: 'The harness was 300 ms late.' },
      'zerodrop itself did not send it: The harness was 300 ms late.',
    ],
  ] as const)('of %s says what is known', (outcome, more, text) => {
    expect(causeOf(outcome, story(0, 1, more), 'signalled')).toBe(text);
  });
});

import { describe, expect, it } from 'vitest';
import {
  afterAct,
  isUnderWay,
  NO_RESTART,
  PHASES,
  TRANSITIONS,
  type Act,
  type Phase,
  type UnderWay,
} from '../../../src/targets/process/under-way.ts';
import type { Started } from '../../../src/targets/process/instance.ts';

const old = { ...NO_RESTART.old, identities: ['a'] };
const started = { lane: 1 } as Started;
const ACTS: Readonly<Record<Act['kind'], Act>> = {
  begin: { kind: 'begin' },
  found: { kind: 'found', old },
  start: { kind: 'start', started },
  signal: { kind: 'signal', signal: 'SIGUSR2' },
  run: { kind: 'run' },
  wait: { kind: 'wait' },
  serve: { kind: 'serve' },
  fail: { kind: 'fail' },
  end: { kind: 'end' },
};
const KINDS = Object.keys(ACTS) as Act['kind'][];

const after = (...kinds: Act['kind'][]): UnderWay =>
  kinds.reduce((restart, kind) => afterAct(restart, ACTS[kind]), NO_RESTART);

/** A way to each phase. */
const WAYS: Readonly<Record<Phase, Act['kind'][]>> = {
  none: [],
  looking: ['begin'],
  begun: ['begin', 'found'],
  started: ['begin', 'found', 'start'],
  sent: ['begin', 'found', 'signal'],
  waiting: ['begin', 'found', 'wait'],
  serving: ['begin', 'found', 'wait', 'serve'],
  failed: ['begin', 'found', 'wait', 'fail'],
  over: ['begin', 'found', 'end'],
};

/** What may be done in each phase, and where it leads: written down apart from the table that is tested. */
const STEPS = { start: 'started', signal: 'sent', run: 'sent', wait: 'waiting', end: 'over' } as const;
const LEGAL: Readonly<Record<Phase, Partial<Record<Act['kind'], Phase>>>> = {
  none: { begin: 'looking' },
  looking: { found: 'begun' },
  begun: STEPS,
  started: STEPS,
  sent: STEPS,
  waiting: {
    start: 'started',
    signal: 'sent',
    run: 'sent',
    wait: 'waiting',
    serve: 'serving',
    fail: 'failed',
    end: 'over',
  },
  serving: STEPS,
  failed: STEPS,
  over: { begin: 'looking' },
};

describe('a restart under way', () => {
  const pairs = PHASES.flatMap((phase) => KINDS.map((kind): [Phase, Act['kind']] => [phase, kind]));
  const legal = pairs.filter(([phase, kind]) => LEGAL[phase][kind] !== undefined);
  const illegal = pairs.filter(([phase, kind]) => LEGAL[phase][kind] === undefined);

  it('has a table for all pairs of phase and act', () => {
    expect(Object.keys(TRANSITIONS).sort()).toEqual([...PHASES].sort());
    expect([legal.length, illegal.length, pairs.length]).toEqual([35, 46, 81]);
  });

  it.each(legal)('in the phase %s takes the act %s', (phase, kind) => {
    const before = after(...WAYS[phase]);
    expect(before.phase).toBe(phase);
    expect(afterAct(before, ACTS[kind]).phase).toBe(LEGAL[phase][kind]);
  });

  it.each(illegal)('in the phase %s has no act %s', (phase, kind) => {
    const before = after(...WAYS[phase]);
    expect(() => afterAct(before, ACTS[kind])).toThrow(`a restart in the phase ${phase} has no act ${kind}`);
  });

  it('lasts from its beginning until its steps are done', () => {
    expect(PHASES.filter((phase) => !isUnderWay(after(...WAYS[phase])))).toEqual(['none', 'over']);
  });
});

describe('what is known of a restart', () => {
  it('is what its acts say, and stays for the next one to look at', () => {
    const restart = after('begin', 'found', 'start', 'signal', 'run', 'wait', 'serve', 'end');
    expect(restart).toEqual({
      phase: 'over',
      old,
      successor: started,
      signal: 'SIGUSR2',
      ranCommand: true,
      served: true,
      failed: false,
    });
    expect(afterAct(restart, ACTS.begin)).toEqual({ ...NO_RESTART, phase: 'looking', old });
  });

  it('is a failure when a wait failed, or was given up for something else', () => {
    expect(after('begin', 'found', 'wait', 'fail', 'start', 'end').failed).toBe(true);
    for (const kind of ['start', 'signal', 'run', 'wait', 'end'] as const) {
      expect(after('begin', 'found', 'wait', kind).failed, kind).toBe(true);
    }
    expect(after('begin', 'found', 'wait', 'serve', 'signal', 'end').failed).toBe(false);
  });

  it('is never changed in place', () => {
    const begun = after('begin', 'found');
    const copy = structuredClone(begun);
    afterAct(begun, ACTS.signal);
    expect(begun).toEqual(copy);
  });
});

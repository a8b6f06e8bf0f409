import { describe, expect, it } from 'vitest';
import { ZerodropError } from '../../src/errors.ts';
import { StepFailure, type TargetControl } from '../../src/model/control.ts';
import type { Step } from '../../src/model/step.ts';
import { runRestart } from '../../src/strategies/runner.ts';
import { recordedChronicle } from '../targets/process/stage.ts';

const NONE = { instances: [], identities: [] };
const never = (): Promise<never> => new Promise(() => undefined);

/** A target that does whatever is asked, and notes it; `deeds` says what it does otherwise. */
function obliging(deeds: Partial<TargetControl> = {}): { control: TargetControl; asked: string[] } {
  const asked: string[] = [];
  const note = (what: string) => async (): Promise<void> => void asked.push(what);
  const control: TargetControl = {
    begin: async () => NONE,
    serving: async () => NONE,
    start: note('start'),
    ready: note('ready'),
    signal: note('signal'),
    stop: async () => {
      asked.push('stop');
      return { by: 'code', code: 0, forced: false };
    },
    kill: note('kill'),
    exited: note('exited'),
    replaced: note('replaced'),
    recycled: note('recycled'),
    freeze: note('freeze'),
    run: note('run'),
    route: note('route'),
    rollout: note('rollout'),
    analyse: () => Promise.resolve('seen'),
    ...deeds,
  };
  return { control, asked };
}

const STOP_START: Step[] = [{ kind: 'stop' }, { kind: 'start', socket: 'own' }, { kind: 'ready', successes: 1 }];

describe('a restart', () => {
  it('takes its steps in order, and tells of each', async () => {
    const { control, asked } = obliging();
    const { chronicle, told } = recordedChronicle();
    expect(await runRestart(STOP_START, control, chronicle, { timeoutMs: 1000 })).toEqual({ ok: true });
    expect(asked).toEqual(['stop', 'start', 'ready']);
    expect(told.moments).toEqual(['began', 'signalled', 'completed']);
    expect(told.steps).toMatchObject([{ index: 0 }, { index: 1 }, { index: 2 }]);
    expect(told.facts).toEqual([]);
  });

  it('counts as signalled at the first step that disturbs', async () => {
    const { chronicle, told } = recordedChronicle();
    const { control } = obliging({
      signal: async () => void told.moments.push('(signal)'),
      ready: async () => void told.moments.push('(ready)'),
    });
    const steps: Step[] = [
      { kind: 'ready', successes: 1 },
      { kind: 'sleep', forMs: 1 },
      { kind: 'signal', signal: 'SIGHUP', to: 'old' },
    ];
    await runRestart(steps, control, chronicle, { timeoutMs: 1000 });
    expect(told.moments).toEqual(['began', '(ready)', 'signalled', '(signal)', 'completed']);
  });

  it.each([
    new StepFailure('it did not start', 'look why'),
    new ZerodropError('command-not-found', 'it did not start', 'look why'),
  ])('ends at the first step that fails (%#)', async (error) => {
    const { control, asked } = obliging({ start: () => Promise.reject(error) });
    const { chronicle, told } = recordedChronicle();
    expect(await runRestart(STOP_START, control, chronicle, { timeoutMs: 1000 })).toEqual({ ok: false });
    expect(asked).toEqual(['stop']);
    expect(told.facts).toEqual([{ code: 'step-failed', message: 'it did not start', hint: 'look why' }]);
    expect(told.steps).toHaveLength(2);
    expect(told.steps[1]).toMatchObject({ text: 'start: a new instance', problem: 'it did not start' });
    expect(told.moments).toEqual(['began', 'signalled', 'completed']);
  });

  it('rolls back when a step fails, and only then', async () => {
    const rollback: Step = { kind: 'rollback', steps: [{ kind: 'kill' }, { kind: 'start', socket: 'own' }] };
    const failing = obliging({ ready: () => Promise.reject(new StepFailure('not ready', '')) });
    const { chronicle, told } = recordedChronicle();
    await runRestart([...STOP_START, rollback], failing.control, chronicle, { timeoutMs: 1000 });
    expect(failing.asked).toEqual(['stop', 'start', 'kill', 'start']);
    expect(told.facts.map(({ code }) => code)).toEqual(['step-failed', 'rolled-back']);
    const fine = obliging();
    await runRestart([...STOP_START, rollback], fine.control, recordedChronicle().chronicle, { timeoutMs: 1000 });
    expect(fine.asked).toEqual(['stop', 'start', 'ready']);
  });

  it('says that a rollback failed too', async () => {
    const { control } = obliging({
      run: () => Promise.reject(new StepFailure('no', '')),
      kill: () => Promise.reject(new StepFailure('not that either', '')),
    });
    const { chronicle, told } = recordedChronicle();
    await runRestart(
      [
        { kind: 'run', command: 'x' },
        { kind: 'rollback', steps: [{ kind: 'kill' }] },
      ],
      control,
      chronicle,
      { timeoutMs: 1000 },
    );
    expect(told.facts.map(({ message }) => message)).toEqual(['no', 'The rollback failed too: not that either']);
  });

  it('gives each step what is left of the whole, or its own limit', async () => {
    const limits: number[] = [];
    const { control } = obliging({
      ready: async (_, withinMs) => void limits.push(withinMs),
      exited: async (_, withinMs) => void limits.push(withinMs),
    });
    await runRestart(
      [
        { kind: 'ready', successes: 1, withinMs: 50 },
        { kind: 'exited', who: 'old' },
      ],
      control,
      recordedChronicle().chronicle,
      { timeoutMs: 60_000 },
    );
    expect(limits[0]).toBe(50);
    expect(limits[1]).toBeGreaterThan(50);
    expect(limits[1]).toBeLessThanOrEqual(60_000);
  });

  it('never hangs on a step that does not end', async () => {
    const { control } = obliging({ replaced: never });
    const { chronicle, told } = recordedChronicle();
    expect(await runRestart([{ kind: 'replaced' }], control, chronicle, { timeoutMs: 20 })).toEqual({ ok: false });
    expect(told.facts[0]?.message).toMatch(/not done within/);
  });

  it('ends at once when it is interrupted, without a finding against the target', async () => {
    const { control } = obliging({ replaced: never });
    const { chronicle, told } = recordedChronicle();
    const user = new AbortController();
    const ending = runRestart([{ kind: 'replaced' }, { kind: 'kill' }], control, chronicle, {
      timeoutMs: 60_000,
      signal: user.signal,
    });
    user.abort();
    expect(await ending).toEqual({ ok: false });
    expect(told.facts).toEqual([]);
    expect(told.moments.at(-1)).toBe('completed');
  });

  it('throws what is our own bug', async () => {
    const { control } = obliging({ kill: () => Promise.reject(new TypeError('oops')) });
    await expect(
      runRestart([{ kind: 'kill' }], control, recordedChronicle().chronicle, { timeoutMs: 1000 }),
    ).rejects.toThrow(TypeError);
  });
});

import { describe, expect, it } from 'vitest';
import { Restart } from '../../src/model/restart.ts';
import { describeStep } from '../../src/strategies/describe.ts';
import { startsInstances, strategies, strategyNames, suitsAttached } from '../../src/model/strategies/registry.ts';
import { strategyOf } from '../../src/strategies/resolve.ts';

const resolved = (source: Record<string, unknown>, adversity: { freeze?: number } = {}) =>
  strategyOf(Restart.parse(source), adversity);
const kinds = (source: Record<string, unknown>, adversity?: { freeze?: number }): string[] =>
  resolved(source, adversity).steps.map(({ kind }) => kind);

describe('strategies', () => {
  it('each have a name of their own, a summary, and who uses them', () => {
    expect(new Set(strategyNames()).size).toBe(strategies.length);
    for (const { name, summary, usedBy } of strategies) {
      expect(name).toMatch(/^[a-z-]+$/);
      expect(summary.length * usedBy.length).toBeGreaterThan(0);
    }
  });

  it('are these lists of steps', () => {
    const restart = { command: 'deploy/restart.sh', unit: 'app.service', program: 'app' };
    expect(Object.fromEntries(strategyNames().map((strategy) => [strategy, kinds({ strategy, ...restart })]))).toEqual({
      'stop-start': ['stop', 'start', 'ready'],
      'kill-start': ['kill', 'start', 'ready'],
      'signal-handoff': ['signal', 'replaced', 'exited'],
      'exec-in-place': ['signal', 'replaced'],
      'reload-workers': ['signal', 'replaced', 'exited'],
      recycle: ['recycled'],
      'socket-activation': ['stop', 'start', 'ready'],
      'reuse-port': ['start', 'ready', 'stop'],
      takeover: ['start', 'ready', 'exited'],
      command: ['run', 'replaced'],
      rolling: ['rollout'],
      'blue-green': ['start', 'ready', 'route', 'sleep', 'ready', 'stop', 'rollback'],
      canary: ['start', 'ready', 'route', 'analyse', 'route', 'analyse', 'route', 'sleep', 'stop', 'rollback'],
      systemd: ['run', 'replaced'],
      supervisor: ['run', 'replaced'],
      kubernetes: ['workload'],
    });
    expect(kinds({ strategy: 'socket-activation', order: 'start-first' })).toEqual(['start', 'ready', 'stop']);
  });

  it('send the signal of the scenario, or their own', () => {
    expect(resolved({ strategy: 'signal-handoff' }).steps[0]).toEqual({ kind: 'signal', signal: 'SIGUSR2', to: 'old' });
    expect(resolved({ strategy: 'reload-workers' }).steps[0]).toEqual({ kind: 'signal', signal: 'SIGHUP', to: 'old' });
    expect(resolved({ strategy: 'signal-handoff', signal: 'USR1' }).steps[0]).toEqual({
      kind: 'signal',
      signal: 'SIGUSR1',
      to: 'old',
    });
  });

  it('inherit a socket when a step says so', () => {
    expect(resolved({ strategy: 'stop-start' }).inheritsSocket).toBe(false);
    expect(resolved({ strategy: 'socket-activation' }).inheritsSocket).toBe(true);
    expect(resolved({ strategy: ['stop', { start: { socket: 'inherited' } }] })).toMatchObject({
      name: 'inline',
      inheritsSocket: true,
    });
    expect(
      resolved({ strategy: [{ signal: 'USR2' }, { rollback: [{ start: { socket: 'inherited' } }] }] }).inheritsSocket,
    ).toBe(true);
  });

  it('freeze the old instance right before it is first signalled', () => {
    expect(kinds({ strategy: 'socket-activation', order: 'start-first' }, { freeze: 100 })).toEqual([
      'start',
      'ready',
      'freeze',
      'stop',
    ]);
    expect(kinds({ strategy: 'signal-handoff' }, { freeze: 100 })).toEqual(['freeze', 'signal', 'replaced', 'exited']);
    expect(kinds({ strategy: 'kill-start' }, { freeze: 100 })).toEqual(['kill', 'start', 'ready']);
    expect(kinds({ strategy: 'reuse-port' }, { freeze: 100 })).toEqual(['start', 'ready', 'freeze', 'stop']);
    expect(kinds({ strategy: 'takeover' }, { freeze: 100 })).toEqual(['freeze', 'start', 'ready', 'exited']);
  });

  it('say whether they start instances', () => {
    expect(strategyNames(startsInstances)).toEqual([
      'stop-start',
      'kill-start',
      'socket-activation',
      'reuse-port',
      'takeover',
      'blue-green',
      'canary',
    ]);
  });

  it('suggest the nearest name', () => {
    expect(() => resolved({ strategy: 'signal-handof' })).toThrow(
      expect.objectContaining({
        code: 'unknown-strategy',
        hint: expect.stringContaining('Did you mean "signal-handoff"? All of them: stop-start, '),
      }),
    );
    expect(() => resolved({ strategy: 'zz' })).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^There are stop-start, /) }),
    );
  });

  it('say which of them suit a target that runs already', () => {
    expect(strategyNames(suitsAttached)).toEqual([
      'signal-handoff',
      'exec-in-place',
      'reload-workers',
      'recycle',
      'command',
      'systemd',
      'supervisor',
    ]);
  });

  it('name the field that they cannot do without', () => {
    const needs = strategies.flatMap(({ name, needs }) => (needs === undefined ? [] : [[name, needs.field]]));
    expect(Object.fromEntries(needs)).toEqual({ command: 'command', systemd: 'unit', supervisor: 'program' });
    for (const [strategy] of needs) expect(() => resolved({ strategy })).toThrow(/is missing/);
  });

  it('ask systemd and supervisord for the restart and for what tells it from none', () => {
    const told = ({ steps, witness }: ReturnType<typeof resolved>) => [steps[0], witness];
    expect(told(resolved({ strategy: 'systemd', unit: 'app.service' }))).toEqual([
      { kind: 'run', command: ['systemctl', '--no-ask-password', 'restart', 'app.service'] },
      ['systemctl', '--no-ask-password', 'show', '--property=MainPID,InvocationID', 'app.service'],
    ]);
    expect(told(resolved({ strategy: 'systemd', unit: 'app.service', action: 'reload', user: true }))).toEqual([
      { kind: 'run', command: ['systemctl', '--user', '--no-ask-password', 'reload', 'app.service'] },
      undefined,
    ]);
    expect(told(resolved({ strategy: 'supervisor', program: 'app', config: 'my.conf' }))).toEqual([
      { kind: 'run', command: ['supervisorctl', '-c', 'my.conf', 'restart', 'app'] },
      ['supervisorctl', '-c', 'my.conf', 'pid', 'app'],
    ]);
    expect(resolved({ strategy: 'command', command: 'x' }).witness).toBeUndefined();
  });
});

describe('a step in one line', () => {
  it('says what it does', () => {
    const text = (step: unknown): string =>
      describeStep(resolved({ strategy: [step] }).steps[0] as Parameters<typeof describeStep>[0]);
    expect(text({ stop: { signal: 'TERM', within: '10s' } })).toBe('stop: SIGTERM, SIGKILL after 10s');
    expect(text('stop')).toBe('stop: the stop signal, SIGKILL after the grace period');
    expect(text({ ready: { successes: 3, within: '5s' } })).toBe(
      'ready: the healthcheck passes 3 times in a row within 5s',
    );
    expect(text({ run: ['nginx', '-s', 'reload'] })).toBe('run: nginx -s reload');
    expect(text({ signal: { name: 'QUIT', to: 'new' } })).toBe('signal: SIGQUIT to the new main process');
    expect(text({ rollback: ['start', { sleep: '1s' }] })).toBe(
      'rollback, when a step fails: start: a new instance; sleep: 1s',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { scenarioOf } from '../../src/scenario/load.ts';
import { refusalOf } from './files.ts';

const TARGET = { kubernetes: { workload: 'deployment/api' }, url: 'http://10.0.0.1' };
const scenario = (part: Record<string, unknown>): Record<string, unknown> => ({
  name: 'k8s',
  target: TARGET,
  restart: { strategy: 'kubernetes' },
  ...part,
});
const problemsOf = async (part: Record<string, unknown>): Promise<readonly string[]> =>
  (await refusalOf(() => scenarioOf(scenario(part)))).details;

describe('a workload of Kubernetes', () => {
  it('is restarted by its strategy, by a command, or by steps that suit it', () => {
    for (const restart of [
      { strategy: 'kubernetes' },
      { strategy: 'kubernetes', action: 'delete-pod' },
      { strategy: 'kubernetes', action: 'scale', replicas: 0 },
      { strategy: 'command', command: 'helm upgrade api' },
      { strategy: [{ run: 'helm upgrade api' }, 'replaced', { sleep: '1s' }] },
    ]) {
      expect(() => scenarioOf(scenario({ restart })), JSON.stringify(restart)).not.toThrow();
    }
  });

  it('is of a kind that can be restarted', async () => {
    for (const workload of ['api', 'pod/api', 'deployment/', 'deployment/Api', 'deployment/a/b']) {
      expect(await problemsOf({ target: { ...TARGET, kubernetes: { workload } } }), workload).toEqual([
        `target.kubernetes.workload: expected deployment/NAME, statefulset/NAME or daemonset/NAME; got ` +
          `${JSON.stringify(workload)} (text)`,
      ]);
    }
  });

  it('has an address', async () => {
    expect(await problemsOf({ target: { kubernetes: TARGET.kubernetes } })).toEqual([
      expect.stringContaining('target.url: expected the address that clients speak to'),
    ]);
  });

  it('is nothing that zerodrop starts', async () => {
    expect(await problemsOf({ target: { ...TARGET, command: 'x' } })).toEqual([
      'target.command: expected nothing, since zerodrop does not start the pods of target.kubernetes',
    ]);
    expect(await problemsOf({ restart: { strategy: 'stop-start' } })).toEqual([
      expect.stringMatching(
        /^restart\.strategy: expected a strategy for a workload of Kubernetes \(command, .*kubernetes/,
      ),
    ]);
    expect(await problemsOf({ restart: { strategy: ['stop', 'start'] } })).toHaveLength(2);
  });

  it('is named where the strategy is kubernetes', async () => {
    expect(await problemsOf({ target: { command: 'x' } })).toEqual([
      expect.stringContaining('target.kubernetes: expected the workload to restart'),
    ]);
  });
});

describe('an action', () => {
  it('belongs to its strategy', async () => {
    expect(await problemsOf({ restart: { strategy: 'kubernetes', action: 'reload' } })).toEqual([
      'restart.action: expected an action of the strategy kubernetes (rollout-restart, delete-pod, scale); got ' +
        '"reload" (text)',
    ]);
    const systemd = { strategy: 'systemd', unit: 'app.service', action: 'scale' };
    expect(await problemsOf({ target: { command: 'x' }, restart: systemd })).toHaveLength(1);
  });

  it('scale is not for a DaemonSet', async () => {
    const target = { ...TARGET, kubernetes: { workload: 'daemonset/api' } };
    expect(await problemsOf({ target, restart: { strategy: 'kubernetes', action: 'scale' } })).toHaveLength(1);
  });
});

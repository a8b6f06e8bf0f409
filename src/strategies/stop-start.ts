/** Stop, then start. Has a gap by design: the control that must be seen to fail. */
import type { Strategy } from './strategy.ts';

export const stopStart: Strategy = {
  name: 'stop-start',
  summary: 'stop the old instance, then start a new one: has a gap by design',
  worksSo: 'every init script, systemctl restart of a plain service, supervisorctl restart',
  steps: () => [{ kind: 'stop' }, { kind: 'start', socket: 'own' }, { kind: 'ready', successes: 1 }],
};

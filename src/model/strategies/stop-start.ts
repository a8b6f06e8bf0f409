/** Stop, then start. Has a gap by design: the control that must be seen to fail. */
import { GAP_BY_DESIGN } from './advice.ts';
import type { Strategy } from './strategy.ts';

export const stopStart: Strategy = {
  name: 'stop-start',
  summary: 'stop the old instance, then start a new one: has a gap by design',
  usedBy: 'every init script, systemctl restart of a plain service, supervisorctl restart',
  steps: () => [{ kind: 'stop' }, { kind: 'start', socket: 'own' }, { kind: 'ready', successes: 1 }],
  advice: { refused: `Nobody listens between stop and start: stop-start has this gap ${GAP_BY_DESIGN}` },
};

/** SIGKILL, then start: what a crash costs. */
import { GAP_BY_DESIGN } from './advice.ts';
import type { Strategy } from './strategy.ts';

export const killStart: Strategy = {
  name: 'kill-start',
  summary: 'SIGKILL the old instance, then start a new one: what a crash costs',
  usedBy: 'the OOM killer, a crashed node, kill -9 under Restart=always',
  steps: () => [{ kind: 'kill' }, { kind: 'start', socket: 'own' }, { kind: 'ready', successes: 1 }],
  advice: { refused: `Nobody listens between kill and start: kill-start has this gap ${GAP_BY_DESIGN}` },
};

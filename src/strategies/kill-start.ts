/** SIGKILL, then start: what a crash costs. */
import type { Strategy } from './strategy.ts';

export const killStart: Strategy = {
  name: 'kill-start',
  summary: 'SIGKILL the old instance, then start a new one: what a crash costs',
  worksSo: 'the OOM killer, a crashed node, kill -9 under Restart=always',
  steps: () => [{ kind: 'kill' }, { kind: 'start', socket: 'own' }, { kind: 'ready', successes: 1 }],
};

/**
 * Whatever command the user names does the restart; that it happened is proven by new processes or a changed identity.
 */
import { ZerodropError } from '../errors.ts';
import type { Strategy } from './strategy.ts';

export const command: Strategy = {
  name: 'command',
  summary: 'run restart.command and wait until a new generation answers',
  worksSo: 'systemctl, supervisorctl, pm2, kubectl rollout, any deploy script',
  steps(restart) {
    if (restart.command !== undefined) return [{ kind: 'run', command: restart.command }, { kind: 'replaced' }];
    throw new ZerodropError(
      'bad-scenario',
      'The strategy command needs restart.command.',
      'Write the command that restarts the target there, such as "systemctl restart app".',
    );
  },
};

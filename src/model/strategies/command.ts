/**
 * Whatever command the user names does the restart; that it happened is proven by new processes or a changed identity.
 */
import { needed, type Strategy } from './strategy.ts';

export const command: Strategy = {
  name: 'command',
  summary: 'run restart.command and wait until a new generation answers',
  usedBy: 'systemctl, supervisorctl, pm2, kubectl rollout, any deploy script',
  needs: { field: 'command', what: 'the command that restarts the target', example: 'your-restart-command' },
  steps: (restart) => [{ kind: 'run', command: needed(restart, 'command') }, { kind: 'replaced' }],
  advice: {
    refused:
      'Nobody listened for a while: the command stops the old process before the new one listens. Let something ' +
      'that stays hold the listening socket (a systemd socket unit, a proxy), or reload in place of restarting.',
  },
};

/**
 * The ready-made form of `command` for a program of supervisord: supervisorctl ends it, starts it, and says when that
 * went wrong.
 */
import type { Restart } from '../restart.ts';
import { needed, type Strategy } from './strategy.ts';

export const supervisor: Strategy = {
  name: 'supervisor',
  summary: 'supervisorctl restart of restart.program, and wait until a new generation answers',
  usedBy: 'programs under supervisord',
  needs: { field: 'program', what: 'the program that is restarted', example: 'your-program' },
  steps: (restart) => [{ kind: 'run', command: supervisorctl(restart, 'restart') }, { kind: 'replaced' }],
  witness: (restart) => supervisorctl(restart, 'pid'),
  advice: {
    refused:
      'supervisorctl restart stops the program before it starts it again. If the program can replace its own ' +
      'workers, ask it to: strategy command with supervisorctl signal HUP.',
  },
};

function supervisorctl(restart: Restart, action: 'restart' | 'pid'): string[] {
  const { config } = restart;
  return ['supervisorctl', ...(config === undefined ? [] : ['-c', config]), action, needed(restart, 'program')];
}

/**
 * The ready-made form of `command` for a program of supervisord: supervisorctl ends it, starts it, and says when that
 * went wrong.
 */
import { ZerodropError } from '../errors.ts';
import type { Restart } from '../model/restart.ts';
import type { Strategy } from './strategy.ts';

export const supervisor: Strategy = {
  name: 'supervisor',
  summary: 'supervisorctl restart of restart.program, and wait until a new generation answers',
  worksSo: 'programs under supervisord',
  steps: (restart) => [{ kind: 'run', command: supervisorctl(restart, 'restart') }, { kind: 'replaced' }],
  witness: (restart) => supervisorctl(restart, 'pid'),
};

function supervisorctl({ program, config }: Restart, action: 'restart' | 'pid'): string[] {
  if (program === undefined) {
    throw new ZerodropError(
      'bad-scenario',
      'The strategy supervisor needs restart.program.',
      'Name the program that is restarted there, as supervisorctl status shows it.',
    );
  }
  return ['supervisorctl', ...(config === undefined ? [] : ['-c', config]), action, program];
}

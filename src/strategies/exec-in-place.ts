/** A signal makes the target execute its new program in the same process, with the socket kept open. */
import type { Strategy } from './strategy.ts';

export const execInPlace: Strategy = {
  name: 'exec-in-place',
  summary:
    'send restart.signal (default SIGUSR2); the same process executes its new program (execve) with the socket ' +
    'kept open',
  worksSo: 'puma on SIGUSR2, uWSGI, Go programs that call syscall.Exec',
  steps: (restart) => [{ kind: 'signal', signal: restart.signal ?? 'SIGUSR2', to: 'old' }, { kind: 'replaced' }],
};

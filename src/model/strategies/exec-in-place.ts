/** A signal makes the target execute its new program in the same process, with the socket kept open. */
import type { Strategy } from './strategy.ts';

const CONNECTIONS_LOST =
  'execve keeps the listening socket, and no connection. Before it, answer with "Connection: close" for a ' +
  'while, stop accepting, and wait until no request is in flight; or hand the socket to a successor (strategy ' +
  'signal-handoff) while the old process drains.';

export const execInPlace: Strategy = {
  name: 'exec-in-place',
  summary:
    'send restart.signal (default SIGUSR2); the same process executes its new program (execve) with the socket ' +
    'kept open',
  usedBy: 'puma on SIGUSR2, uWSGI, Go programs that call syscall.Exec',
  steps: (restart) => [{ kind: 'signal', signal: restart.signal ?? 'SIGUSR2', to: 'old' }, { kind: 'replaced' }],
  advice: {
    refused:
      'The listening socket was closed before the new program listened. Keep it open over execve (without ' +
      'FD_CLOEXEC), and let the new program accept on that descriptor.',
    reset: CONNECTIONS_LOST,
    closed: CONNECTIONS_LOST,
  },
};

/** The harness owns the listening socket and instances inherit it, so that connections wait while none is there. */
import type { Strategy } from './strategy.ts';

export const socketActivation: Strategy = {
  name: 'socket-activation',
  summary:
    'zerodrop owns the listening socket and passes it on (LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES); ' +
    'restart.order: stop-first (default) or start-first',
  usedBy: 'systemd socket units, Server::Starter, einhorn',
  steps: (restart) =>
    restart.order === 'start-first'
      ? [{ kind: 'start', socket: 'inherited' }, { kind: 'ready', successes: 1 }, { kind: 'stop' }]
      : [{ kind: 'stop' }, { kind: 'start', socket: 'inherited' }, { kind: 'ready', successes: 1 }],
  advice: {
    refused:
      'The target does not seem to use the socket that it was given. Let it accept on descriptor 3 when ' +
      'LISTEN_FDS is set, and never close or unbind that socket when it stops.',
  },
};

/** A signal makes the target start its own successor and hand the listening socket over to it. */
import type { Strategy } from './strategy.ts';

export const signalHandoff: Strategy = {
  name: 'signal-handoff',
  summary:
    'send restart.signal (default SIGUSR2); the target starts its own successor and hands the listening socket over',
  usedBy: 'nginx, gunicorn, unicorn, tableflip, facebookgo/grace, HAProxy in master-worker mode',
  steps: (restart) => [
    { kind: 'signal', signal: restart.signal ?? 'SIGUSR2', to: 'old' },
    { kind: 'replaced' },
    { kind: 'exited', who: 'old' },
  ],
  advice: {
    refused:
      'The old instance closed its listening socket before the successor listened. Let the successor inherit the ' +
      'socket, and stop accepting in the old one only when the successor says that it is ready.',
  },
};

/**
 * The successor fetches the listening sockets from the old instance, which exits on its own when the successor has
 * confirmed.
 */
import type { Strategy } from './strategy.ts';

export const takeover: Strategy = {
  name: 'takeover',
  summary:
    'start a successor that fetches the listening sockets over a Unix socket (SCM_RIGHTS); the old instance ' +
    'exits on its own',
  usedBy: "HAProxy with -x and -sf, Envoy's hot restart, Meta's socket takeover",
  steps: () => [
    { kind: 'start', socket: 'own' },
    { kind: 'ready', successes: 1 },
    { kind: 'exited', who: 'old' },
  ],
  advice: {
    refused:
      'The listening socket was closed before the successor served. Let the old instance keep it, and accept on ' +
      'it, until the successor has confirmed that it serves: a successor that fails then changes nothing.',
  },
};

/**
 * The successor binds the same port with SO_REUSEPORT; the old instance is stopped when the successor itself has
 * answered.
 */
import type { Strategy } from './strategy.ts';

export const reusePort: Strategy = {
  name: 'reuse-port',
  summary:
    'start a successor that binds the same port with SO_REUSEPORT, wait until it answers itself, then stop the ' +
    'old instance',
  usedBy: 'Envoy, many Go and Rust services; both processes must set SO_REUSEPORT before they bind',
  steps: () => [{ kind: 'start', socket: 'own' }, { kind: 'ready', successes: 1 }, { kind: 'stop' }],
  advice: {
    refused:
      'Nobody listened for a while. The old instance must listen until the successor does: both set SO_REUSEPORT ' +
      'before they bind, and the old one closes its socket only when it is stopped.',
  },
};

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
  worksSo: 'Envoy, many Go and Rust services; both processes must set SO_REUSEPORT before they bind',
  steps: () => [{ kind: 'start', socket: 'own' }, { kind: 'ready', successes: 1 }, { kind: 'stop' }],
};

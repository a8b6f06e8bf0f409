/** Nothing is asked of the target: its workers replace themselves, and each time that this is seen is a restart. */
import type { Strategy } from './strategy.ts';

export const recycle: Strategy = {
  name: 'recycle',
  summary: 'send nothing; wait until workers that replace themselves do so, and count that as a restart',
  usedBy: 'gunicorn and uWSGI max_requests, Apache MaxConnectionsPerChild, PHP-FPM pm.max_requests, pm2 memory limits',
  steps: () => [{ kind: 'recycled' }],
  advice: {
    refused:
      'Nobody listened for a while. Let the master keep the listening socket open while its workers are replaced, ' +
      'and let them be replaced at different times (gunicorn: max_requests_jitter).',
  },
};

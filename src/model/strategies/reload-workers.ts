/** A signal makes a main process that stays replace its workers. */
import type { Strategy } from './strategy.ts';

export const reloadWorkers: Strategy = {
  name: 'reload-workers',
  summary: 'send restart.signal (default SIGHUP); a main process that stays replaces its workers one after another',
  usedBy: 'nginx and gunicorn on SIGHUP, puma phased restart, node:cluster, pm2 reload, uWSGI chain reload',
  steps: (restart) => [
    { kind: 'signal', signal: restart.signal ?? 'SIGHUP', to: 'old' },
    { kind: 'replaced' },
    { kind: 'exited', who: 'workers' },
  ],
  advice: {
    refused:
      'Nobody listened for a while. Let the master keep the listening socket open while it replaces its workers ' +
      'one after another.',
  },
};

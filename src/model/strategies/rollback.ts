/** How a second set is given up: its share of the traffic goes back to the old set, then it is ended. */
import type { Step } from '../step.ts';

export const BACK_TO_OLD: Step = {
  kind: 'rollback',
  steps: [
    { kind: 'route', share: 0 },
    { kind: 'stop', to: 'new' },
  ],
};

/**
 * The new set gets a small share first; each share is judged by its own traffic before the next, and the last one is
 * all of it.
 */
import { Canary } from '../fleet.ts';
import type { Step } from '../step.ts';
import { fleetAdvice } from './advice.ts';
import { BACK_TO_OLD } from './rollback.ts';
import type { Strategy } from './strategy.ts';

export const canary: Strategy = {
  name: 'canary',
  summary:
    'give the new set restart.canary.weights of the new connections, one after another, each judged before the ' +
    'next; back to the old set when one fails or cannot be judged',
  usedBy: 'Argo Rollouts, Flagger, Istio route rules, weighted target groups',
  fleet: { leastReady: (_, replicas) => replicas },
  steps: ({ canary: { weights, for: forMs, errors_below: errorsBelow, drain } = Canary.parse({}) }) => [
    { kind: 'start', socket: 'own' },
    { kind: 'ready', successes: 1 },
    ...weights.flatMap((share): Step[] => [
      { kind: 'route', share },
      { kind: 'analyse', forMs, errorsBelow },
    ]),
    { kind: 'route', share: 1 },
    { kind: 'sleep', forMs: drain },
    { kind: 'stop' },
    BACK_TO_OLD,
  ],
  advice: fleetAdvice(
    'A set ended while requests were still on their way to it.',
    'Make restart.canary.drain longer than the front door needs to switch, and the grace period longer than ' +
      'the slowest request.',
  ),
};

/**
 * What does not go together where the target replaces its processes of its own accord.
 *
 * Rule: nobody knows when that will be, so nothing can be put in place for it, or be done around a signal.
 */
import { strategyNamed, exampleSteps } from '../model/strategies/registry.ts';
import { isMap, valueAt, type Source } from './layers.ts';
import { stepsOf } from './steps.ts';
import { expectedText, type Problem } from './wording.ts';

/** Sentinels and a freeze beside a `recycled` step. */
export function recycleProblems(arm: Source): Problem[] {
  const named = valueAt(arm, ['restart', 'strategy']);
  const strategy = typeof named === 'string' ? strategyNamed(named) : undefined;
  const waits =
    strategy === undefined
      ? stepsOf(arm).some(({ name }) => name === 'recycled')
      : exampleSteps(strategy).some(({ kind }) => kind === 'recycled');
  if (!waits) return [];
  const because = 'since nobody knows when the target will replace a process';
  const [sentinels, freeze] = [valueAt(arm, ['traffic', 'sentinels']), valueAt(arm, ['adversity', 'freeze'])];
  return [
    ...(isMap(sentinels) && Object.keys(sentinels).length > 0
      ? [{ path: ['traffic', 'sentinels'], text: expectedText(`no sentinels, ${because}`, sentinels) }]
      : []),
    ...(freeze === undefined
      ? []
      : [{ path: ['adversity', 'freeze'], text: expectedText(`no freeze, ${because}`, freeze) }]),
  ];
}

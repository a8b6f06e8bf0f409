/**
 * What does not go together in a scenario about a fleet.
 *
 * Rule: a fleet needs what starts its instances, and a strategy that knows of several; such a strategy needs a fleet.
 */
import { exampleSteps, strategyNamed, strategyNames } from '../model/strategies/registry.ts';
import type { Strategy } from '../model/strategies/strategy.ts';
import { isMap, valueAt, type Source } from './layers.ts';
import { stepsOf } from './steps.ts';
import { expectedText, gotText, type Problem } from './wording.ts';

const STEPS = ['route', 'rollout', 'analyse'];
const UNSUITABLE_STEPS = ['replaced', 'recycled', 'freeze'];

/** The problems of one arm that have to do with fleets. */
export function fleetProblems(arm: Source): Problem[] {
  const strategy = valueAt(arm, ['restart', 'strategy']);
  const steps = stepsOf(arm);
  const known = typeof strategy === 'string' ? strategyNamed(strategy) : undefined;
  const analysed = [...steps.map(({ name }) => name), ...ownSteps(known)].includes('analyse');
  if (!isMap(valueAt(arm, ['fleet']))) {
    const reason = known?.fleet === undefined ? steps.find(({ name }) => STEPS.includes(name))?.name : known.name;
    if (isMap(valueAt(arm, ['restart', 'environment']))) {
      return [
        {
          path: ['restart', 'environment'],
          text: 'expected nothing, since only the new instances of a fleet can be given another environment',
        },
      ];
    }
    return reason === undefined
      ? []
      : [
          {
            path: ['fleet'],
            text: expectedText(
              `how many instances there are, such as {replicas: 3}, since ${reason} is about several`,
              undefined,
            ),
          },
        ];
  }
  return [
    ...(known !== undefined && known.fleet === undefined
      ? [
          {
            path: ['restart', 'strategy'],
            text: expectedText(
              `a strategy for a fleet (${strategyNames(isForFleets).join(', ')}) or a list of steps`,
              strategy,
            ),
          },
        ]
      : []),
    ...steps
      .filter(({ name }) => UNSUITABLE_STEPS.includes(name))
      .map(({ path, name }) => ({ path, text: `expected a step that suits a fleet; got ${gotText(name)}` })),
    ...startProblems(arm),
    ...rollingProblems(arm),
    ...deadlineProblems(arm),
    ...stickyProblems(arm),
    ...(analysed && !isMap(valueAt(arm, ['target', 'identity']))
      ? [
          {
            path: ['target', 'identity'],
            text: expectedText(
              'the header that names the instance that answered, since the new set is judged by its own answers',
              undefined,
            ),
          },
        ]
      : []),
    ...(valueAt(arm, ['adversity', 'freeze']) === undefined
      ? []
      : [{ path: ['adversity', 'freeze'], text: 'expected nothing, since a fleet is not frozen' }]),
  ];
}

const isForFleets = ({ fleet }: Strategy): boolean => fleet !== undefined;

/** The steps that a strategy takes, by name. */
function ownSteps(strategy: Strategy | undefined): string[] {
  return strategy === undefined ? [] : exampleSteps(strategy).map(({ kind }) => kind);
}

function startProblems(arm: Source): Problem[] {
  const [command, url] = [valueAt(arm, ['target', 'command']), valueAt(arm, ['target', 'url'])];
  const problems: Problem[] = [];
  if (command === undefined) {
    problems.push({
      path: ['target', 'command'],
      text: expectedText('what starts an instance, since zerodrop starts those of a fleet', undefined),
    });
  }
  if (typeof url === 'string' && !url.includes('${PORT}')) {
    problems.push({
      path: ['target', 'url'],
      text: expectedText('an address with ${PORT}, since each instance of a fleet gets a port of its own', url),
    });
  }
  return problems;
}

function stickyProblems(arm: Source): Problem[] {
  const kind = valueAt(arm, ['fleet', 'front', 'kind']) ?? 'embedded';
  if (valueAt(arm, ['fleet', 'front', 'sticky']) !== 'cookie' || kind === 'haproxy') return [];
  return [{ path: ['fleet', 'front', 'kind'], text: expectedText('haproxy, which can set a cookie', kind) }];
}

/** As for a Deployment: nobody could become available in time. */
function deadlineProblems(arm: Source): Problem[] {
  const [path, least] = [
    ['restart', 'rolling', 'progressDeadlineSeconds'],
    valueAt(arm, ['restart', 'rolling', 'minReadySeconds']),
  ];
  const deadline = valueAt(arm, path);
  if (typeof deadline !== 'number' || typeof least !== 'number' || deadline > least) return [];
  return [
    {
      path,
      text: expectedText(
        `more than minReadySeconds (${least}), or no new instance could count as available in time`,
        deadline,
      ),
    },
  ];
}

function rollingProblems(arm: Source): Problem[] {
  const isZero = (value: unknown): boolean => value === 0 || value === '0%';
  const path = ['restart', 'rolling', 'maxUnavailable'];
  if (!isZero(valueAt(arm, ['restart', 'rolling', 'maxSurge'])) || !isZero(valueAt(arm, path))) return [];
  return [
    { path, text: expectedText('more than 0, since maxSurge is 0 and nothing could ever begin', valueAt(arm, path)) },
  ];
}

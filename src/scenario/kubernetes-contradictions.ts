/**
 * What does not go together in a scenario about a workload of Kubernetes.
 *
 * Rule: zerodrop does not start the pods, so nothing of a target that it starts has a meaning there; a workload is
 * restarted through the API, or by a command of the user such as helm.
 */
import { exampleSteps, strategyNamed, strategyNames } from '../model/strategies/registry.ts';
import type { Strategy } from '../model/strategies/strategy.ts';
import { isMap, valueAt, type Source } from './layers.ts';
import { stepsOf } from './steps.ts';
import { expectedText, gotText, type Problem } from './wording.ts';

const STEPS = ['run', 'replaced', 'sleep'];
const OF_PROCESSES = [['target', 'command'], ['target', 'pid_file'], ['fleet'], ['adversity', 'freeze']];

/** The problems of one arm that have to do with Kubernetes, and with the actions of strategies. */
export function kubernetesProblems(arm: Source): Problem[] {
  const path = ['restart', 'strategy'];
  const strategy = valueAt(arm, path);
  const known = typeof strategy === 'string' ? strategyNamed(strategy) : undefined;
  if (!isMap(valueAt(arm, ['target', 'kubernetes']))) {
    return [
      ...(known?.workload === undefined
        ? []
        : [
            {
              path: ['target', 'kubernetes'],
              text: expectedText(
                `the workload to restart, such as {workload: deployment/api}, since restart.strategy is ${known.name}`,
                undefined,
              ),
            },
          ]),
      ...actionProblems(arm, known),
    ];
  }
  return [
    ...urlProblems(arm),
    ...(known === undefined || suitsWorkload(known)
      ? []
      : [
          {
            path,
            text: expectedText(
              `a strategy for a workload of Kubernetes (${strategyNames(suitsWorkload).join(', ')}), since ` +
                'target.kubernetes is given',
              strategy,
            ),
          },
        ]),
    ...stepsOf(arm)
      .filter(({ name }) => !STEPS.includes(name))
      .map((step) => ({
        path: step.path,
        text: `expected a step that suits a workload of Kubernetes (${STEPS.join(', ')}); got ${gotText(step.name)}`,
      })),
    ...OF_PROCESSES.filter((field) => valueAt(arm, field) !== undefined).map((field) => ({
      path: field,
      text: 'expected nothing, since zerodrop does not start the pods of target.kubernetes',
    })),
    ...actionProblems(arm, known),
    ...scaleProblems(arm),
  ];
}

const suitsWorkload = (strategy: Strategy): boolean =>
  strategy.workload === true || exampleSteps(strategy).every(({ kind }) => STEPS.includes(kind));

function urlProblems(arm: Source): Problem[] {
  const path = ['target', 'url'];
  const url = valueAt(arm, path);
  if (url !== undefined && !(typeof url === 'string' && url.includes('${PORT}'))) return [];
  const text =
    'the address that clients speak to, such as that of a Service or an Ingress, since target.kubernetes only says ' +
    'what is restarted';
  return [{ path, text: expectedText(text, url) }];
}

/** An action belongs to its strategy. One that no strategy knows is a matter of the schema. */
function actionProblems(arm: Source, strategy: Strategy | undefined): Problem[] {
  const path = ['restart', 'action'];
  const action = valueAt(arm, path);
  const others = strategyNames(({ actions }) => actions?.some((known) => known === action) === true);
  if (strategy?.actions === undefined || others.length === 0 || others.includes(strategy.name)) return [];
  const text = `an action of the strategy ${strategy.name} (${strategy.actions.join(', ')})`;
  return [{ path, text: expectedText(text, action) }];
}

function scaleProblems(arm: Source): Problem[] {
  const path = ['restart', 'action'];
  const workload = valueAt(arm, ['target', 'kubernetes', 'workload']);
  if (valueAt(arm, path) !== 'scale' || typeof workload !== 'string' || !workload.startsWith('daemonset/')) return [];
  return [{ path, text: expectedText('an action other than scale, since a DaemonSet has no replicas', 'scale') }];
}

/** A step in one line, for reports and for `zerodrop strategies`. */
import type { WorkloadAction } from '../model/kubernetes.ts';
import type { Command, Step } from '../model/step.ts';
import { durationText } from '../model/units.ts';

/** What a step does, such as `stop: SIGTERM, SIGKILL after 10s`. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'start':
      return step.socket === 'inherited'
        ? 'start: a new instance that inherits the listening socket'
        : 'start: a new instance';
    case 'ready':
      return (
        'ready: the healthcheck ' +
        `passes${step.successes === 1 ? '' : ` ${step.successes} times in a row`}${within(step.withinMs)}`
      );
    case 'signal':
      return `signal: ${step.signal} to the ${step.to} main process`;
    case 'stop':
      return (
        `stop${step.to === 'new' ? ' the new set' : ''}: ${step.signal ?? 'the stop signal'}, SIGKILL after ` +
        (step.graceMs === undefined ? 'the grace period' : durationText(step.graceMs))
      );
    case 'kill':
      return 'kill: SIGKILL to the old instance and its process group';
    case 'exited':
      return `exited: the old ${step.who === 'old' ? 'main process is' : 'workers are'} gone${within(step.withinMs)}`;
    case 'replaced':
      return `replaced: a new generation answers${within(step.withinMs)}`;
    case 'recycled':
      return `recycled: the target replaces a process of its own accord${within(step.withinMs)}`;
    case 'freeze':
      return `freeze: SIGSTOP for ${durationText(step.forMs)}`;
    case 'sleep':
      return `sleep: ${durationText(step.forMs)}`;
    case 'run':
      return `run: ${commandText(step.command)}${within(step.withinMs)}`;
    case 'route':
      return `route: ${shareText(step.share)}`;
    case 'rollout':
      return (
        `rollout: instance by instance, at most ${step.rolling.maxSurge} too many and ` +
        `${step.rolling.maxUnavailable} missing`
      );
    case 'analyse':
      return `analyse: the new set against the old one for ${durationText(step.forMs)}`;
    case 'workload':
      return `workload: ${actionText(step.action)}, wait until no old pod is left`;
    case 'rollback':
      return `rollback, when a step fails: ${step.steps.map(describeStep).join('; ')}`;
  }
}

function shareText(share: number): string {
  if (share === 0) return 'all new connections to the old set';
  return share === 1
    ? 'all new connections to the new set'
    : `${Number((share * 100).toPrecision(4))}% of new connections to the new set`;
}

function actionText(action: WorkloadAction): string {
  switch (action.kind) {
    case 'rollout-restart':
      return 'rollout restart';
    case 'delete-pod':
      return 'delete one pod';
    case 'scale':
      return `scale down to ${action.replicas ?? 'half of its pods'} and up again`;
  }
}

const within = (limitMs: number | undefined): string =>
  limitMs === undefined ? '' : ` within ${durationText(limitMs)}`;

function commandText(command: Command): string {
  if (typeof command === 'string') return command;
  return 'shell' in command ? command.shell : command.join(' ');
}

/**
 * Proof that a restart happened.
 *
 * Rule: a restart is proven when something serves after it that did not serve before: an instance, or an identity. Its
 * steps having ended proves nothing.
 */
import type { EventOf } from '../../model/event.ts';
import { isSameInstance, labelsText } from '../../model/instance-id.ts';
import type { RestartRecording, SessionRecording } from '../fold/recording.ts';

/** `sameServes`: who serves was seen before and after, and nobody is new. */
export type Proof = { proven: true } | { proven: false; sameServes: boolean; reason: string; hint: string };

/** Whether a restart is proven, and why not. */
export function proofOf(session: SessionRecording, restart: RestartRecording): Proof {
  const { before, after } = restart;
  if (after === null || before === null) {
    return {
      proven: false,
      sameServes: false,
      reason: 'the restart did not get so far that one could see who serves afterwards',
      hint: 'See what ended it: a failed step, or an interrupted run.',
    };
  }
  const earlier = session.restarts
    .filter((other) => other.restart < restart.restart)
    .flatMap((other) => [other.before, other.after]);
  const knownIdentities = new Set([before, ...earlier].flatMap((serving) => serving?.identities ?? []));
  if (before.identities.length > 0 && after.identities.some((identity) => !knownIdentities.has(identity))) {
    return { proven: true };
  }
  if (
    before.instances.length > 0 &&
    after.instances.some((instance) => !before.instances.some((old) => isSameInstance(old, instance)))
  ) {
    return { proven: true };
  }
  return { proven: false, ...whyNot(before, after) };
}

function whyNot(
  before: EventOf<'serving'>,
  after: EventOf<'serving'>,
): Omit<Exclude<Proof, { proven: true }>, 'proven'> {
  const { instances } = after;
  if (before.instances.length > 0 && instances.length > 0) {
    return {
      sameServes: true,
      reason:
        `the same ${instances.length === 1 ? 'process' : 'processes'} (${labelsText(instances)}) served before ` +
        'and after',
      hint:
        'Check that the target understands the signal or command that is to restart it; some ignore it in ' +
        'silence (nginx ignores USR2 under "daemon off"). Where a reload is meant to keep the process, name what ' +
        'changes with it: an answer header in target.identity.header, or a command in target.identity.command.',
    };
  }
  if (before.identities.length > 0 && after.identities.length > 0) {
    return {
      sameServes: true,
      reason: `the same identity (${after.identities.join(', ')}) answered before and after`,
      hint:
        'Check that the restart replaces the process, and that target.identity names a header whose value ' +
        'changes with every start.',
    };
  }
  const sawBefore = before.instances.length + before.identities.length > 0;
  if (sawBefore && after.instances.length + after.identities.length === 0) {
    return {
      sameServes: false,
      reason: 'no instance was seen to serve after the restart',
      hint: 'See whether the target came back: look at its last lines of output.',
    };
  }
  return {
    sameServes: false,
    reason: 'it could not be seen who serves: neither the owner of the port nor an identity',
    hint:
      'Let the target send a header that changes with every start and name it in target.identity.header, or name ' +
      'a command whose output changes in target.identity.command.',
  };
}

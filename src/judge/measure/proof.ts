/**
 * Proof that a restart happened.
 *
 * Rule: a restart is proven when something serves after it that did not serve before: a generation (pid, start time and
 * image together, since pids wrap and execve keeps them), or an identity. Its steps having ended proves nothing.
 */
import type { EventOf, Generation } from '../../model/event.ts';
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
    before.generations.length > 0 &&
    after.generations.some((generation) => !before.generations.some((old) => isSame(old, generation)))
  ) {
    return { proven: true };
  }
  return { proven: false, ...whyNot(before, after) };
}

/** An image of 0 could not be read: then pid and start time must do. */
function isSame(one: Generation, other: Generation): boolean {
  const sameImage = one.image === other.image || one.image === 0 || other.image === 0;
  return one.pid === other.pid && one.startTicks === other.startTicks && sameImage;
}

function whyNot(
  before: EventOf<'serving'>,
  after: EventOf<'serving'>,
): Omit<Exclude<Proof, { proven: true }>, 'proven'> {
  const pids = after.generations.map(({ pid }) => pid);
  if (before.generations.length > 0 && pids.length > 0) {
    return {
      sameServes: true,
      reason: `the same ${
        pids.length === 1 ? 'process' : 'processes'
      } (pid ${pids.join(', ')}) served before and after`,
      hint:
        'Check that the target understands the signal or command that is to restart it; some ignore it in ' +
        'silence (nginx ignores USR2 under "daemon off"). Where a reload is meant to keep the process, name a ' +
        'header in target.identity that changes with it.',
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
  const sawBefore = before.generations.length + before.identities.length > 0;
  if (sawBefore && after.generations.length + after.identities.length === 0) {
    return {
      sameServes: false,
      reason: 'nobody was seen to serve after the restart',
      hint: 'See whether the target came back: look at its last lines of output.',
    };
  }
  return {
    sameServes: false,
    reason: 'it could not be seen who serves: neither the owner of the port nor an identity',
    hint:
      'Let the target send a header that changes with every start and name it in target.identity.header, or name ' +
      'a command that tells in target.identity.command.',
  };
}

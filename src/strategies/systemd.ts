/**
 * The ready-made form of `command` for a unit of systemd: it answers when the job is done, and fails when the unit
 * does.
 */
import { ZerodropError } from '../errors.ts';
import type { Restart } from '../model/restart.ts';
import type { Strategy } from './strategy.ts';

export const systemd: Strategy = {
  name: 'systemd',
  summary: 'systemctl restart (or restart.action: reload) of restart.unit, and wait until a new generation answers',
  worksSo: 'services of a systemd machine, or with restart.user of a user',
  steps: (restart) => [
    { kind: 'run', command: systemctl(restart, [restart.action ?? 'restart', unitOf(restart)]) },
    { kind: 'replaced' },
  ],
  // A reload leaves both as they are; who is new then shows in the processes or in the identity header.
  witness: (restart) =>
    restart.action === 'reload'
      ? undefined
      : systemctl(restart, ['show', '--property=MainPID,InvocationID', unitOf(restart)]),
};

/** Nobody is there to be asked for a password. */
function systemctl({ user }: Restart, words: readonly string[]): string[] {
  return ['systemctl', ...(user === true ? ['--user'] : []), '--no-ask-password', ...words];
}

function unitOf({ unit }: Restart): string {
  if (unit !== undefined) return unit;
  throw new ZerodropError(
    'bad-scenario',
    'The strategy systemd needs restart.unit.',
    'Name the unit that is restarted there, such as "app.service".',
  );
}

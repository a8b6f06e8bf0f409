/**
 * The ready-made form of `command` for a unit of systemd: it answers when the job is done, and fails when the unit
 * does.
 */
import type { Restart } from '../restart.ts';
import { needed, type Strategy } from './strategy.ts';

export const systemd: Strategy = {
  name: 'systemd',
  summary: 'systemctl restart (or restart.action: reload) of restart.unit, and wait until a new generation answers',
  usedBy: 'services of a systemd machine, or with restart.user of a user',
  needs: { field: 'unit', what: 'the unit that is restarted', example: 'your.service' },
  actions: ['restart', 'reload'],
  steps: (restart) => [
    {
      kind: 'run',
      command: systemctl(restart, [restart.action === 'reload' ? 'reload' : 'restart', needed(restart, 'unit')]),
    },
    { kind: 'replaced' },
  ],
  // A reload leaves both as they are; who is new then shows in the processes or in the identity header.
  witness: (restart) =>
    restart.action === 'reload'
      ? undefined
      : systemctl(restart, ['show', '--property=MainPID,InvocationID', needed(restart, 'unit')]),
  advice: {
    refused:
      'systemctl restart stops the service before it starts it again. Let a socket unit (ListenStream=) hold the ' +
      'listening socket, or keep it in the manager (FileDescriptorStoreMax=); or let the service reload (action: ' +
      'reload).',
  },
};

/** Nobody is there to be asked for a password. */
function systemctl({ user }: Restart, words: readonly string[]): string[] {
  return ['systemctl', ...(user === true ? ['--user'] : []), '--no-ask-password', ...words];
}

/**
 * A process that holds the target's port and is not proven to be the target's.
 *
 * Rule: it is named and left alone; its answers are never taken for those of the target.
 */
import { readFileSync, statSync } from 'node:fs';
import type { Look } from '../../processes/ours.ts';
import { commandLineOf } from '../../processes/proc.ts';

/** What to do about it. */
export const STRANGER_HINT =
  'End it, or choose another port. If it belongs to the target, let it keep the environment that it is given, ' +
  'or name its pid file in target.pid_file.';

/** Who holds the port, in a sentence without its full stop; undefined when a process of the target does, or nobody. */
export function strangerText({ owners, strangers }: Look, port: number): string | undefined {
  const [first] = strangers;
  if (owners.length > 0 || first === undefined) return undefined;
  return (
    `port ${port} is held by process ${first.pid} (${commandLineOf(first.pid)}, user ${userOf(first.pid)}), ` +
    'which zerodrop did not start'
  );
}

function userOf(pid: number): string {
  try {
    const { uid } = statSync(`/proc/${pid}`);
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.split(':')[2] === String(uid));
    return line?.split(':')[0] ?? String(uid);
  } catch {
    return 'unknown';
  }
}

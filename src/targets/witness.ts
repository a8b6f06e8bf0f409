/**
 * A command that tells one generation from another where neither processes nor answers do, such as systemctl show.
 *
 * Rule: what it writes is compared and never understood; one that fails is no witness. Asked often, it runs seldom.
 */
import type { Command } from '../model/step.ts';
import { runCommand } from '../processes/run-command.ts';
import type { Setting } from './process/setting.ts';

const REMEMBERED_MS = 200;
const LIMIT_MS = 10_000;
const LONGEST = 1000;

/** Asks the witness, or remembers what it said a moment ago; undefined when it failed or said nothing. */
export type Witness = (aborted: AbortSignal) => Promise<string | undefined>;

export function openWitness(command: Command, { folder, environment }: Setting): Witness {
  let last: { text: string | undefined; untilMs: number } | undefined;
  return async (aborted) => {
    if (last !== undefined && performance.now() < last.untilMs) return last.text;
    const { exit, lines } = await runCommand({ command, folder, environment, limitMs: LIMIT_MS, aborted });
    const text = lines.join(' ').trim().slice(0, LONGEST);
    last = {
      text: exit.by === 'code' && exit.code === 0 && text !== '' ? text : undefined,
      untilMs: performance.now() + REMEMBERED_MS,
    };
    return last.text;
  };
}

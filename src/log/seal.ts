/**
 * The seal of a log: how many lines it has, and their hash.
 *
 * Rule: a log with a whole seal is as zerodrop wrote it, so a contradiction in it is a bug of ours and crashes loudly.
 * One without (its writer was killed, or is of an older version) may be damaged, so a contradiction in it is damage.
 * One
 * whose seal is broken is damaged, whatever it says.
 */
import { createHash } from 'node:crypto';
import type { EventOf } from '../model/event.ts';

export type Seal = NonNullable<EventOf<'end'>['seal']>;

/** Takes the lines of a log in their order, without line breaks; `seal` is for those so far. */
export function sealing(): { add(line: string): void; seal(): Seal } {
  const hash = createHash('sha256');
  let lines = 0;
  return {
    add(line) {
      lines += 1;
      hash.update(line).update('\n');
    },
    seal: () => ({ lines, sha256: hash.copy().digest('hex') }),
  };
}

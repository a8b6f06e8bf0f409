/**
 * The owner's messages about sentinels, passed on to them, and their answers back.
 *
 * Rule: `place` and `release` are answered in any case; what went wrong is told as a problem.
 */
import type { FromAgent, ToAgent } from '../../model/plan.ts';
import type { Sentinels } from '../sentinels/index.ts';

type SentinelMessage = Extract<ToAgent, { kind: 'place' | 'phase' | 'release' }>;

/** Does what the owner asks of the sentinels. */
export async function commandSentinels(
  sentinels: Sentinels,
  message: SentinelMessage,
  send: (message: FromAgent) => void,
): Promise<void> {
  const { restart } = message;
  switch (message.kind) {
    case 'place':
      send({ kind: 'placed', restart, problems: await sentinels.place(restart) });
      return;
    case 'phase':
      sentinels.phase(restart, message.phase, message.localPorts);
      return;
    case 'release':
      await sentinels.release(restart);
      send({ kind: 'released', restart });
      return;
  }
}

/**
 * The owner's messages about sentinels, passed on to them, and their answers back.
 *
 * Rule: `arm` and `disarm` are answered in any case; what went wrong is told as a problem.
 */
import type { FromAgent, ToAgent } from '../../model/plan.ts';
import type { Sentinels } from '../sentinels/index.ts';

type SentinelMessage = Extract<ToAgent, { kind: 'arm' | 'phase' | 'disarm' }>;

/** Does what the owner asks of the sentinels. */
export async function commandSentinels(
  sentinels: Sentinels,
  message: SentinelMessage,
  send: (message: FromAgent) => void,
): Promise<void> {
  const { restart } = message;
  switch (message.kind) {
    case 'arm':
      send({ kind: 'armed', restart, problems: await sentinels.arm(restart) });
      return;
    case 'phase':
      sentinels.phase(restart, message.phase, message.localPorts);
      return;
    case 'disarm':
      await sentinels.disarm(restart);
      send({ kind: 'disarmed', restart });
      return;
  }
}

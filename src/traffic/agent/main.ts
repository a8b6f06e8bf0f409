/**
 * The process that sends the traffic: messages come in on stdin, events go out on stdout, one JSON object a line.
 *
 * Rule: it never outlives its owner, see processes/owner.ts.
 */
import { ToAgent, type FromAgent } from '../../model/plan.ts';
import { serveOwner } from '../../processes/owner.ts';
import { goFirst } from '../../processes/priority.ts';
import { commandSentinels } from './sentinels.ts';
import { openTraffic, type Traffic } from './traffic.ts';

let traffic: Traffic | undefined;
const send: (message: FromAgent) => void = serveOwner({ hears: ToAgent, obey });

function planned(): Traffic {
  if (traffic === undefined) throw new Error('A message came before the plan.');
  return traffic;
}

async function obey(message: ToAgent): Promise<void> {
  switch (message.kind) {
    case 'ping':
      send({ kind: 'pong', id: message.id, agentMs: performance.now() });
      return;
    case 'plan':
      traffic = await openTraffic(message.plan, send);
      send({ kind: 'planned' });
      return;
    case 'start':
      planned().start(message.atAgentMs);
      return;
    case 'place':
    case 'phase':
    case 'release':
      return commandSentinels(planned().sentinels, message, send);
    case 'finish':
      await planned().finish(message.atMs);
      send({ kind: 'done' });
      return;
  }
}

goFirst();

/**
 * The process that sends the traffic: messages come in on stdin, what happened goes out on stdout, one JSON object a
 * line.
 *
 * Rule: it never outlives its owner. The end of stdin, for whatever reason, ends it at once. Ctrl-C reaches every
 * process of a terminal; the owner decides what it means, so it is ignored here.
 */
import { constants, setPriority } from 'node:os';
import { ToAgent } from '../../model/plan.ts';
import { lineSplitter } from '../lines.ts';
import { openOutput } from './output.ts';
import { commandSentinels } from './sentinels.ts';
import { openTraffic, type Traffic } from './traffic.ts';

const send = openOutput(process.stdout, () => {
  throw new Error('The owner of this agent has stopped reading its messages.');
});
let traffic: Traffic | undefined;

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
    case 'arm':
    case 'phase':
    case 'disarm':
      return commandSentinels(planned().sentinels, message, send);
    case 'finish':
      await planned().finish(message.atMs);
      send({ kind: 'done' });
      return;
  }
}

/** An instrument must be on time, and needs little: it goes before the target where the system allows that (root). */
function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {
    // Without the right to do so, it competes like everyone else, and says how late it was.
  }
}

goFirst();
process.on('SIGINT', () => undefined);
process.stdout.on('error', () => process.exit(0));
// A rejection is a bug of ours: Node ends the process with its stack, which the owner reports.
process.stdin.setEncoding('utf8').on(
  'data',
  lineSplitter((line) => void obey(ToAgent.parse(JSON.parse(line)))),
);
process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));

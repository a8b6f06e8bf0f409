/**
 * The warden's process, see warden.ts.
 *
 * Rule: it acts once, when its standard input ends, for at most three seconds, and ends.
 */
import { createInterface } from 'node:readline';
import { killAll } from './kill.ts';
import { trackOurs, type Claim } from './ours.ts';
import { sendSignal, type ProcessId } from './signal.ts';
import { removeFolder } from './scratch.ts';
import type { ToWarden } from './warden.ts';

const LIMIT_MS = 3000;

// Whoever ends a whole job at once sends these to everybody; the warden is the one that tidies up after that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const claims = new Map<string, Claim>();
let folder: string | undefined;
let frozen: readonly ProcessId[] = [];
let farewell = false;

for await (const line of createInterface({ input: process.stdin })) {
  const message = messageIn(line);
  if (message?.kind === 'guard') claims.set(message.of, message.claim);
  if (message?.kind === 'guard-folder') folder = message.folder;
  if (message?.kind === 'frozen') frozen = message.processes;
  if (message?.kind === 'farewell') farewell = true;
}
// First of all, and whatever else happens: they may be a server that only was attached to.
for (const process of frozen) {
  try {
    sendSignal(process, 'SIGCONT');
  } catch {
    // It became another user's: nobody here could have stopped it.
  }
}
if (!farewell) {
  await Promise.all(
    [...claims.values()].map((claim) =>
      killAll(
        trackOurs(() => claim),
        LIMIT_MS,
      ),
    ),
  );
  if (folder !== undefined) removeFolder(folder);
}
process.exit(0);

/** The owner may die in the middle of a line. */
function messageIn(line: string): ToWarden | undefined {
  try {
    return JSON.parse(line) as ToWarden;
  } catch {
    return undefined;
  }
}

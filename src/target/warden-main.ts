/**
 * The warden's process, see warden.ts.
 *
 * Rule: it acts once, when its standard input ends, for at most three seconds, and ends.
 */
import { createInterface } from 'node:readline';
import { killAll } from './kill.ts';
import { trackOurs, type Claim } from './ours.ts';
import { removeFolder } from './scratch.ts';
import type { ToWarden } from './warden.ts';

const LIMIT_MS = 3000;

// Whoever ends a whole job at once sends these to everybody; the warden is the one that tidies up after that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

let claim: Claim | undefined;
let folder: string | undefined;
let farewell = false;

for await (const line of createInterface({ input: process.stdin })) {
  const message = messageIn(line);
  if (message?.kind === 'guard') claim = message.claim;
  if (message?.kind === 'guard-folder') folder = message.folder;
  if (message?.kind === 'farewell') farewell = true;
}
if (!farewell && claim !== undefined) {
  const guarded = claim;
  await killAll(trackOurs(() => guarded), LIMIT_MS);
}
if (!farewell && folder !== undefined) removeFolder(folder);
process.exit(0);

/** The owner may die in the middle of a line. */
function messageIn(line: string): ToWarden | undefined {
  try {
    return JSON.parse(line) as ToWarden;
  } catch {
    return undefined;
  }
}

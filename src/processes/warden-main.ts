/**
 * The warden's process, see warden.ts.
 *
 * Rule: it acts once, when its standard input ends, for at most three seconds, and ends.
 */
import { killAll } from './kill.ts';
import { trackOurs, type Claim } from './ours.ts';
import { serveOwner } from './owner.ts';
import { removeFolder } from './scratch.ts';
import { sendSignal, type ProcessId } from './signal.ts';
import { ToWarden } from './warden-messages.ts';

const LIMIT_MS = 3000;

const claims = new Map<string, Claim>();
let folder: string | undefined;
let frozen: readonly ProcessId[] = [];
let farewell = false;

serveOwner({ hears: ToWarden, obey: note, ended: () => void act() });

function note(message: ToWarden): void {
  switch (message.kind) {
    case 'guard':
      claims.set(message.of, message.claim);
      return;
    case 'guard-folder':
      folder = message.folder;
      return;
    case 'frozen':
      frozen = message.processes;
      return;
    case 'farewell':
      farewell = true;
  }
}

async function act(): Promise<void> {
  // First of all, and whatever else happens: they may be a server that only was attached to.
  for (const process of frozen) {
    try {
      sendSignal(process, 'SIGCONT');
    } catch {
      // It became another user's: nobody here could have stopped it.
    }
  }
  if (!farewell) {
    const every = [...claims.values()];
    await Promise.all(
      every.map((claim) =>
        killAll(
          trackOurs(() => claim),
          LIMIT_MS,
        ),
      ),
    );
    if (folder !== undefined) removeFolder(folder);
  }
  process.exit(0);
}

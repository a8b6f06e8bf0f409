/**
 * Which process has accepted a connection of ours: the kernel shows the server's end of it with its inode, and /proc
 * who holds that.
 *
 * Rule: an answer proves something only about the process that gave it. Where several sockets listen on one port
 * (SO_REUSEPORT), the kernel gives each connection to any of them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { linkOf, type Endpoint } from './listeners.ts';
import { namesIn, textOf, type ProcessStat } from './proc.ts';

const LOOK_EVERY_MS = 5;
/** A queue that is full withholds connections, too, for a moment. */
const WITHHELD_MS = 100;

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/**
 * The server's end of a connection: `queued` until somebody accepts it, `withheld` while the kernel waits for its first
 * byte (TCP_DEFER_ACCEPT).
 */
export type ServerEnd = { inode: string } | 'queued' | 'withheld';

/** The server's end of a connection in text of /proc/net/tcp or tcp6; undefined when there is none. */
export function serverEndIn(text: string, serverPort: number, clientPort: number): ServerEnd | undefined {
  // Local and remote address, established, SYN received or half closed, queues, timer, retransmits, user, timeout,
  // inode: see proc_net_tcp.
  const row = new RegExp(
    `:${hex(serverPort)} [0-9A-F]+:${hex(clientPort)} 0([138]) \\S+ \\S+ \\S+\\s+\\d+\\s+\\d+ (\\d+) `,
  );
  const [, state, inode] = row.exec(text) ?? [];
  if (inode === undefined) return undefined;
  return state === '3' ? 'withheld' : inode === '0' ? 'queued' : { inode };
}

/**
 * Waits until our connection has been accepted: at most for `limitMs`, and not for long when it is withheld. Resolves
 * with what was seen last.
 */
export async function serverEndOf(
  { port }: Endpoint,
  clientPort: number,
  limitMs: number,
): Promise<ServerEnd | undefined> {
  const startMs = performance.now();
  for (;;) {
    const end =
      serverEndIn(textOf('/proc/net/tcp'), port, clientPort) ?? serverEndIn(textOf('/proc/net/tcp6'), port, clientPort);
    if (
      typeof end === 'object' ||
      performance.now() - startMs > (end === 'withheld' ? Math.min(limitMs, WITHHELD_MS) : limitMs)
    ) {
      return end;
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** Which of these sockets a process holds. */
export function heldBy({ pid }: Pick<ProcessStat, 'pid'>, inodes: ReadonlySet<string>): string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
    return inode !== undefined && inodes.has(inode) ? [inode] : [];
  });
}

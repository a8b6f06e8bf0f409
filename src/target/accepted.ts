/**
 * Which process has accepted a connection of ours: the kernel shows the server's end of it with its inode, and /proc who holds that.
 *
 * Rule: an answer proves something only about the process that gave it. Where several sockets listen on one port (SO_REUSEPORT), the
 * kernel gives each connection to any of them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { linkOf, type Endpoint } from './listeners.ts';
import { namesIn, textOf, type ProcessStat } from './proc.ts';

const LOOK_EVERY_MS = 5;

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** Inode of the server's end of a connection in text of /proc/net/tcp or tcp6; undefined when there is none, or nobody has accepted it yet. */
export function acceptedIn(text: string, serverPort: number, clientPort: number): string | undefined {
  // Local and remote address, established or half closed, queues, timer, retransmits, user, timeout, inode: see proc_net_tcp.
  const row = new RegExp(`:${hex(serverPort)} [0-9A-F]+:${hex(clientPort)} 0[18] \\S+ \\S+ \\S+\\s+\\d+\\s+\\d+ (\\d+) `);
  const inode = row.exec(text)?.[1];
  return inode === '0' ? undefined : inode;
}

/** Waits until our connection has been accepted; resolves with its inode, or undefined after `limitMs`. */
export async function acceptedInode({ port }: Endpoint, clientPort: number, limitMs: number): Promise<string | undefined> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const inode = acceptedIn(textOf('/proc/net/tcp'), port, clientPort) ?? acceptedIn(textOf('/proc/net/tcp6'), port, clientPort);
    if (inode !== undefined || performance.now() > endMs) return inode;
    await delay(LOOK_EVERY_MS);
  }
}

/** Which of these sockets a process holds. */
export function heldBy({ pid }: ProcessStat, inodes: ReadonlySet<string>): string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
    return inode !== undefined && inodes.has(inode) ? [inode] : [];
  });
}

/**
 * Which ports a set of processes listens on, whatever they are.
 *
 * Rule: read from the kernel's tables and the descriptors of these processes; nothing is guessed from their words.
 */
import { endianness } from 'node:os';
import { linkOf } from './listeners.ts';
import { namesIn, textOf, type ProcessStat } from './proc.ts';

/** A listening socket; `host` is one at which a client of this machine reaches it. */
export interface Opened {
  host: string;
  port: number;
  inode: string;
}

const LISTEN = '0A';

/** The listening sockets in text of /proc/net/tcp or tcp6. */
export function openedIn(text: string): Opened[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== LISTEN || inode === '') return [];
    return [{ host: reachableAt(address), port: Number.parseInt(port, 16), inode }];
  });
}

/** The ports on which these processes listen, each once. */
export function openedBy(processes: readonly ProcessStat[]): Opened[] {
  const held = new Set(
    processes.flatMap(({ pid }) =>
      namesIn(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1] ?? []),
    ),
  );
  const opened = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => openedIn(textOf(path)));
  const ours = opened.filter(({ inode }) => held.has(inode));
  return ours.filter(({ port }, index) => ours.findIndex((other) => other.port === port) === index);
}

/** An address as the kernel writes it, as a host in a URL; wildcards are reached at 127.0.0.1. */
function reachableAt(address: string): string {
  if (/^0+$/.test(address)) return '127.0.0.1';
  const bytes = address.match(/.{8}/g)?.flatMap((word) => {
    const pairs = word.match(/../g) ?? [];
    return endianness() === 'LE' ? pairs.toReversed() : pairs;
  });
  if (bytes === undefined || bytes.length === 4) return (bytes ?? []).map((hex) => Number.parseInt(hex, 16)).join('.');
  const isMapped = bytes.slice(0, 10).every((hex) => hex === '00') && bytes[10] === 'FF' && bytes[11] === 'FF';
  if (isMapped) {
    return bytes
      .slice(12)
      .map((hex) => Number.parseInt(hex, 16))
      .join('.');
  }
  const groups = Array.from({ length: 8 }, (_, n) => `${bytes[2 * n]}${bytes[2 * n + 1]}`.toLowerCase());
  return `[${new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)}]`;
}

/**
 * Who listens on an address and port: inodes of sockets in /proc/net, and the processes that hold them.
 *
 * Rule: cheap enough to be asked fifty times a second under load. The kernel lists listening sockets first, so reading
 * stops at the first other one; a table that is slow to read all the same is read less often; which descriptor of a
 * process is the listener is remembered.
 */
import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';
import { namesIn, type ProcessStat } from './proc.ts';

const LISTEN = '0A';
const ANY = ['00000000', '0'.repeat(32)];
/** Descriptors of a process with more of them than this are not listed again within `RELIST_MS`. */
const MANY_FDS = 64;
const RELIST_MS = 200;
/** A table is left alone for so many times as long as it took to read. */
const REST_FACTOR = 20;

/** Where a server listens: any of these IP addresses (wildcards always count), and a port. */
export interface Endpoint {
  addresses: readonly string[];
  port: number;
}

/** An IP address as /proc/net/tcp and tcp6 write it: 32-bit words in the byte order of the machine. */
export function kernelAddress(address: string): string {
  const bytes = isIPv4(address) ? address.split('.').map(Number) : bytesOfIPv6(address);
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4);
    if (endianness() === 'LE') word.reverse();
    words.push(word.map((byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  return words.join('').toUpperCase();
}

function bytesOfIPv6(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const start = groups(head);
  const end = groups(tail ?? '');
  const all = tail === undefined ? start : [...start, ...Array<number>(8 - start.length - end.length).fill(0), ...end];
  return all.flatMap((group) => [group >> 8, group & 255]);
}

/**
 * Inodes of the sockets that listen at `endpoint`, in text of /proc/net/tcp or tcp6, and whether only listening ones
 * stand in it.
 */
export function listenersIn(text: string, endpoint: Endpoint): { inodes: string[]; more: boolean } {
  const addresses = endpoint.addresses.map(kernelAddress);
  const mapped = addresses.map(
    (address) => kernelAddress('::').slice(0, 16) + (endianness() === 'LE' ? 'FFFF0000' : '0000FFFF') + address,
  );
  const wanted = new Set([...ANY, ...addresses, ...mapped]);
  const port = endpoint.port.toString(16).toUpperCase().padStart(4, '0');
  const inodes: string[] = [];
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (fields.length < 10 || fields[0] === 'sl') continue;
    if (fields[3] !== LISTEN) return { inodes, more: false };
    const [address, localPort] = (fields[1] as string).split(':');
    if (localPort === port && wanted.has(address as string)) inodes.push(fields[9] as string);
  }
  return { inodes, more: true };
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** Inodes of the sockets that listen at `endpoint` now. */
export function listeningInodes(endpoint: Endpoint): Set<string> {
  return new Set(TABLES.flatMap((path) => inodesOf(path, endpoint)));
}

function inodesOf(path: string, endpoint: Endpoint): string[] {
  let file;
  try {
    file = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    const chunk = Buffer.alloc(4096);
    let text = '';
    for (;;) {
      const length = readSync(file, chunk);
      text += chunk.toString('latin1', 0, length);
      // A line may be cut at the end of a chunk: it is read when the next one has come.
      const whole = length === 0 ? text : text.slice(0, text.lastIndexOf('\n') + 1);
      const { inodes, more } = listenersIn(whole, endpoint);
      if (!more || length === 0) return inodes;
    }
  } catch {
    return [];
  } finally {
    closeSync(file);
  }
}

/** Finds listening sockets and the processes that hold them, and remembers where. */
export interface ListenerFinder {
  /** As {@link listeningInodes}, but `now` only when asked to be; otherwise as of a moment ago. */
  inodes(endpoint: Endpoint, now: boolean): Set<string>;
  /** Those of `processes` that hold one of the sockets. */
  among<T extends ProcessStat>(processes: readonly T[], inodes: ReadonlySet<string>): T[];
}

export function findListeners(): ListenerFinder {
  const tables = new Map<string, { inodes: string[]; againAtMs: number }>();
  /**
   * Without an IPv6 connection the kernel goes through all others in search of one: milliseconds, with tens of
   * thousands in TIME_WAIT.
   */
  const readTable = (path: string, endpoint: Endpoint, now: boolean): string[] => {
    const startMs = performance.now();
    const last = tables.get(path);
    if (last !== undefined && !now && startMs < last.againAtMs) return last.inodes;
    const inodes = inodesOf(path, endpoint);
    const endMs = performance.now();
    tables.set(path, { inodes, againAtMs: endMs + (endMs - startMs) * REST_FACTOR });
    return inodes;
  };
  const known = new Map<string, { fd?: string; listedAtMs: number; count: number }>();
  const holds = (process: ProcessStat, inodes: ReadonlySet<string>): boolean => {
    const key = `${process.pid}/${process.startTicks}`;
    const last = known.get(key);
    if (last?.fd !== undefined && isOneOf(process.pid, last.fd, inodes)) return true;
    const nowMs = performance.now();
    if (last !== undefined && last.fd === undefined && last.count > MANY_FDS && nowMs - last.listedAtMs < RELIST_MS) {
      return false;
    }
    const fds = namesIn(`/proc/${process.pid}/fd`);
    const fd = fds.find((name) => isOneOf(process.pid, name, inodes));
    known.set(key, { ...(fd === undefined ? {} : { fd }), listedAtMs: nowMs, count: fds.length });
    return fd !== undefined;
  };
  return {
    inodes: (endpoint, now) => new Set(TABLES.flatMap((path) => readTable(path, endpoint, now))),
    among: (processes, inodes) => (inodes.size === 0 ? [] : processes.filter((process) => holds(process, inodes))),
  };
}

function isOneOf(pid: number, fd: string, inodes: ReadonlySet<string>): boolean {
  const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
  return inode !== undefined && inodes.has(inode);
}

/** Target of a link under /proc; empty when it cannot be read. */
export function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/**
 * How a connection really ended, asked of our own kernel; nothing of it reaches the server.
 *
 * Rule: a proof, not a guess from timing.
 * 1. The end of a stream may hide an RST: when the last bytes and an RST arrive together, libuv reads the bytes and
 * then reports an
 *    end as after FIN (it stops at POLLHUP). But a connection that was reset has no peer any more: getpeername fails.
 * 2. A kernel answers bytes for a connection that its process has closed by RST. So when FIN came instead of an answer,
 * and RST
 *    after it, the request met a connection that was closed before; when no RST comes, the process had taken the request.
 */
import type { Socket } from 'node:net';

/** A request longer than this may have been read in part before the close, so that RST after FIN proves nothing. */
export const PROVABLE_BYTES = 16 * 1024;

/** A process that is held up in the middle of closing answers so late, even next door. */
const SHORTEST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 50;

/** How long to wait for that RST after the FIN, ms: it comes a round trip after the request was written. */
export function proofWaitMs(shortestHandshakeMs: number): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, 2 * shortestHandshakeMs));
}

/** Whether the connection has been reset. To be asked once in its life: a socket remembers a peer that it has seen. */
export function wasReset(socket: Socket): boolean {
  return !socket.destroyed && socket.remotePort === undefined;
}

/**
 * What ended a stream that came to its end: FIN, or RST without FIN. To be asked once. A write on a connection that was
 * reset cannot leave; the kernel fails it with EPIPE when FIN had come before the RST, and with ECONNRESET when not.
 */
export function endingOf(socket: Socket): 'fin' | 'rst' {
  if (!wasReset(socket)) return 'fin';
  socket.write('\n');
  const errored: NodeJS.ErrnoException | null = socket.errored;
  return errored?.code === 'ECONNRESET' ? 'rst' : 'fin';
}

/**
 * How a connection really ended: FIN or RST, and whether the peer had read the request. Asked of our own kernel;
 *    nothing
 * of it reaches the server.
 *
 * Rule: a proof, not a guess from timing.
 * 1. The end of a stream may hide an RST: when the last bytes and an RST arrive together, libuv reads the bytes and
 *    then
 * reports an end as after FIN (it stops at POLLHUP). But a connection that was reset has no peer any more: getpeername
 * fails.
 * 2. A kernel answers bytes for a connection that its process has closed by RST. So when FIN came instead of an answer,
 * and RST after it, the request met a connection that was closed before; when no RST comes, the process had taken the
 * request.
 */
import type { Socket } from 'node:net';

/** A request longer than this may have been read in part before the close, so that RST after FIN proves nothing. */
const PROVABLE_BYTES = 16 * 1024;

/** A process that stalls in the middle of closing answers so late, even next door. */
const SHORTEST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 50;

/** The request that was under way when the stream came to its end. */
export interface CutRequest {
  /** Bytes of its answer that had come. */
  bytesRead: number;
  bytesWritten: number;
  /** Requests that the connection had carried before. */
  uses: number;
  /** The kernel had taken the whole request, and none was before it that had no answer yet. */
  stoodAlone: boolean;
}

/**
 * Finds out what the end of a stream means for a request. `found` is called once: at once, or after a wait for an RST
 * that proves the request unread. Clear the returned timer to give up.
 */
export function findEnding(
  socket: Socket,
  { bytesRead, bytesWritten, uses, stoodAlone }: CutRequest,
  shortestHandshakeMs: number,
  found: (ending: 'fin' | 'rst', unread: boolean) => void,
): NodeJS.Timeout | undefined {
  const mayBeUnread = bytesRead === 0 && uses > 0 && stoodAlone && bytesWritten <= PROVABLE_BYTES;
  if (mayBeUnread) {
    const conclude = (): void => {
      const reset = wasReset(socket);
      // Where something came before the end, such as close_notify, an RST may hide in it here, too.
      const ending = reset ? endingOfReset(socket) : 'fin';
      found(ending, reset && ending === 'fin');
    };
    return setTimeout(conclude, proofWaitMs(shortestHandshakeMs));
  }
  found(wasReset(socket) ? endingOfReset(socket) : 'fin', false);
  return undefined;
}

/** What an error means: how the connection ended, and whether it proves that the request was not read. */
export function endingByError(
  code: string | undefined,
  { connected, finBefore }: { connected: boolean; finBefore: boolean },
): { ending: 'never' | 'open' | 'fin' | 'rst'; unread: boolean } {
  if (!connected) return { ending: 'never', unread: false };
  // Written after the peer's FIN: it met a closed connection.
  if (finBefore) return { ending: 'fin', unread: true };
  const reset = code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED';
  return { ending: reset ? 'rst' : 'open', unread: false };
}

/** Whether the connection has been reset. To be asked once in its life: a socket remembers a peer that it has seen. */
export function wasReset(socket: Socket): boolean {
  return !socket.destroyed && socket.remotePort === undefined;
}

/** How long to wait for that RST after the FIN, ms: it comes a round trip after the request was written. */
export function proofWaitMs(shortestHandshakeMs: number): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, 2 * shortestHandshakeMs));
}

/**
 * What ended a stream whose connection was reset: RST alone, or FIN and RST after it. A write on it cannot leave; the
 * kernel fails it with EPIPE when FIN had come before the RST, and with ECONNRESET when not.
 */
function endingOfReset(socket: Socket): 'fin' | 'rst' {
  socket.write('\n');
  const errored: NodeJS.ErrnoException | null = socket.errored;
  return errored?.code === 'ECONNRESET' ? 'rst' : 'fin';
}

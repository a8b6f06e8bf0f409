/**
 * The faults that the leaky server commits, each with the outcome that a client must count for it.
 *
 * Rule: a fault is committed when the whole request has been read, so that no client can take it for anything else.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import type { Outcome } from '../model/outcome.ts';

/** The body of a good answer. */
export const GOOD_BODY = 'as it should be\n';
export const WRONG_BODY = "as it shouldn't\n";

export const LEAKS = [
  'closed',
  'reset',
  'truncated',
  'rejected',
  'wrong-status',
  'wrong-body',
  'stalled',
  'broken-stream',
  'refused-stream',
] as const;
export type Leak = (typeof LEAKS)[number];

/** Those that only HTTP/2 knows. */
export const STREAM_LEAKS: readonly Leak[] = ['broken-stream', 'refused-stream'];

/** HTTP/2: header of a request whose connection carries no other. */
export const ALONE = 'zerodrop-alone';

/** What the server is to do: which faults, in turn, on which share of the requests. */
export const LeakPlan = z.object({
  leaks: z.array(z.enum(LEAKS)).min(1),
  share: z.number().min(0).max(1),
  /** It speaks TLS, under a certificate of its own. */
  secure: z.boolean().optional(),
  /** It speaks HTTP/2. */
  isHttp2: z.boolean().optional(),
});
export type LeakPlan = z.output<typeof LeakPlan>;

/** How a client must count each fault. */
export const OUTCOME_OF_LEAK: Readonly<Record<Leak, Outcome>> = {
  closed: 'closed',
  reset: 'reset',
  truncated: 'truncated',
  rejected: 'rejected',
  'wrong-status': 'failed',
  'wrong-body': 'failed',
  stalled: 'timeout',
  'broken-stream': 'reset',
  'refused-stream': 'raced',
};

/** Answers as expected. */
export function answerWell(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': GOOD_BODY.length }).end(GOOD_BODY);
}

/** Commits a fault on a request that has been read to its end; `tcp` is the socket below TLS, if there is TLS. */
export function commit(leak: Leak, request: IncomingMessage, response: ServerResponse, tcp?: Socket): void {
  const { socket } = request;
  switch (leak) {
    case 'closed':
      socket.destroy();
      return;
    case 'reset':
      (tcp ?? socket).resetAndDestroy();
      return;
    case 'truncated':
      // An answer to HEAD has no body that could be cut, so its head is.
      socket.end(
        request.method === 'HEAD'
          ? 'HTTP/1.1 200 O'
          : `HTTP/1.1 200 OK\r\ncontent-length: ${GOOD_BODY.length}\r\n\r\n${GOOD_BODY.slice(0, 5)}`,
      );
      return;
    case 'rejected':
      response.writeHead(503, { 'content-length': 0 }).end();
      return;
    case 'wrong-status':
      response.writeHead(500, { 'content-length': 0 }).end();
      return;
    case 'wrong-body':
      response.writeHead(200, { 'content-length': WRONG_BODY.length }).end(WRONG_BODY);
      return;
    case 'stalled':
    case 'broken-stream':
    case 'refused-stream':
      return;
  }
}

/**
 * upload: half of the body is sent when the signal comes, the rest trickles. It must be answered as a whole.
 *
 * Rule: the deadlines count from the last piece; an answer that comes before it is judged as it is.
 */
import type { PlannedRequest } from '../../model/plan.ts';
import type { Exchange } from './exchange.ts';
import type { Scout, Sentinel, SentinelKind, Survey, Post } from './sentinel.ts';
import { reference, surveyOf } from './survey.ts';

const DEFAULT_BYTES = 64 * 1024;
const PIECE_EVERY_MS = 20;
const PIECES = 15;
const METHODS = new Set(['POST', 'PUT', 'PATCH']);

export const upload: SentinelKind = { name: 'upload', survey, open: openUpload };

/** The request as an upload: a method that takes a body, and one of 64 KiB when none is given. */
export function uploadOf(request: PlannedRequest): PlannedRequest {
  const method = METHODS.has(request.method) ? request.method : 'POST';
  const typed = Object.keys(request.headers).some((name) => name.toLowerCase() === 'content-type');
  const headers = typed ? request.headers : { ...request.headers, 'Content-Type': 'application/octet-stream' };
  return { ...request, method, headers, body: request.body ?? 'z'.repeat(DEFAULT_BYTES) };
}

async function survey(scout: Scout): Promise<Survey> {
  const request = uploadOf(scout.request);
  const found = surveyOf({ ...scout, request }, await reference(scout, request));
  return { ...found, request };
}

function openUpload(post: Post): Sentinel {
  const line = post.line();
  const bytes = line.encoded(post.request);
  const bodyBytes = Buffer.byteLength(post.request.body ?? '');
  const heldBackBytes = Math.floor(bodyBytes / 2);
  const pieceBytes = Math.max(1, Math.ceil(heldBackBytes / PIECES));
  let at = bytes.length - heldBackBytes;
  let exchange: Exchange;

  function trickle(): void {
    const end = Math.min(bytes.length, at + pieceBytes);
    line.write(bytes.subarray(at, end), exchange);
    at = end;
    if (at < bytes.length) post.after(PIECE_EVERY_MS, trickle);
    else exchange.written();
  }

  return {
    async place() {
      await line.opened;
      if (!line.usable) return `no connection to the target: ${line.trouble}`;
      exchange = line.expect(post.request);
      void exchange.ended.then((seen) => post.settle(seen));
      line.write(bytes.subarray(0, at), exchange);
      return undefined;
    },
    phase(phase) {
      if (phase === 'signalled') trickle();
    },
  };
}

/**
 * download: half of the answer is received when the signal comes, then nothing is read until 100 ms after it. The whole
 * body must come, and be the same as before.
 *
 * Rule: the body is held against the SHA-256 of a reference taken once. The kernels on both sides hold some megabytes,
 * so that an answer which is short and quick is over before the signal: that is told as a problem.
 */
import { createHash } from 'node:crypto';
import type { PlannedRequest } from '../../model/plan.ts';
import type { Observation } from '../client.ts';
import type { Exchange } from './exchange.ts';
import type { Post, Scout, Sentinel, SentinelKind, Survey } from './sentinel.ts';
import { reference, surveyOf } from './survey.ts';

const PAUSED_AFTER_SIGNAL_MS = 100;
/** More than the buffers of both kernels hold on a loopback (the largest send buffer of Linux is 4 MiB by default). */
const LARGE_BYTES = 8 * 1024 * 1024;
const SLOW_MS = 500;
/**
 * Of a large answer so much is read before the pause and no more: the kernel gives a fast reader ever larger buffers.
 */
const MOST_READ_BYTES = 1024 * 1024;

export const download: SentinelKind = { name: 'download', survey, open: openDownload };

async function survey(scout: Scout): Promise<Survey> {
  const { request } = scout;
  const [one, other] = await Promise.all([taken(scout, request), taken(scout, request)]);
  const found = surveyOf(scout, one.seen);
  if (found.problem !== undefined) return found;
  const same = one.sha256 === other.sha256;
  const expect = same
    ? { ...request.expect, body_sha256: one.sha256 }
    : { ...request.expect, body_bytes: request.expect.body_bytes ?? one.bytes };
  const problems: string[] = [];
  if (!same) {
    problems.push(
      `Two answers of ${request.path} differ, so that only the length is checked. Name a path that always ` +
        'answers the same.',
    );
  }
  const tookMs = one.seen.endMs - one.seen.dueMs;
  if (one.bytes < LARGE_BYTES && tookMs < SLOW_MS) {
    problems.push(
      `${request.path} answers ${one.bytes} bytes within ${Math.ceil(tookMs)} ms, which the kernel's buffers ` +
        'hold: the server is done with it before the signal. ' +
        `Name a path that answers ${LARGE_BYTES / 1024 / 1024} MiB or more, or takes longer than ${SLOW_MS} ms.`,
    );
  }
  return { request: { ...request, expect }, ...(problems.length === 0 ? {} : { problem: problems.join(' ') }) };
}

async function taken(
  scout: Scout,
  request: PlannedRequest,
): Promise<{ seen: Observation; sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const seen = await reference(scout, request, (part) => {
    hash.update(part);
    bytes += part.length;
  });
  return { seen, sha256: hash.digest('hex'), bytes };
}

function openDownload(post: Post): Sentinel {
  const line = post.line();
  let exchange: Exchange;
  let paused = false;
  return {
    async place() {
      await line.opened;
      if (!line.usable) return `no connection to the target: ${line.trouble}`;
      let halted = (): void => undefined;
      const half = new Promise<void>((resolve) => (halted = resolve));
      exchange = line.ask(post.request, {
        raw: true,
        tap: () => {
          // Of a body without a known length the first part is enough.
          const wanted = Math.min(MOST_READ_BYTES, Math.max(1, exchange.parser.head.length / 2));
          if (paused || exchange.body.bytes < wanted) return;
          paused = true;
          exchange.unlimited();
          line.pause();
          halted();
        },
      });
      void exchange.ended.then((seen) => post.settle(seen));
      await Promise.race([half, exchange.ended]);
      return undefined;
    },
    phase(phase) {
      if (phase !== 'signalled') return;
      post.after(PAUSED_AFTER_SIGNAL_MS, () => {
        line.resume();
        exchange.limit('body');
      });
    },
  };
}

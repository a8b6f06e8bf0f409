/**
 * idle: kept alive and idle when the signal comes. The next request must be answered, or not be sent because a close
 * was seen.
 *
 * Rule: half of them send within 20 ms after the signal, and then come again and again as long as the old instance may
 * leave, as clients that are 5 ms away: such a client learns 5 ms late of a close and writes its request nevertheless.
 * That is the keep-alive race, and it is really written here. An old instance that says "Connection: close" before it
 * closes never meets it. The others send when the old instance is gone, or the new one ready, as clients close by.
 */
import { outcomeOf } from '../classify.ts';
import type { Observation } from '../client.ts';
import { openDanger } from './danger.ts';
import type { Line } from './line.ts';
import type { Post, Sentinel, SentinelKind } from './sentinel.ts';
import { surveyed } from './survey.ts';
import { sweptMs } from './sweep.ts';

const SPAN_MS = 20;
/** How late a client that is some way off learns of a close: its round trip, as between two towns. */
export const AWAY_MS = 5;
/** A client that comes again and again rests for so long, ms. */
export const REST_MS = 50;
const LATER_PHASES = ['gone', 'ready'] as const;

export const idle: SentinelKind = { name: 'idle', survey: surveyed, open: openIdle };

function openIdle(post: Post): Sentinel {
  const turn = Math.floor(post.index / 2);
  if (post.index % 2 === 1) return openNear(post, LATER_PHASES[turn % 2] as SentinelPhaseAwaited);
  return openAway(post, sweptMs({ restart: post.restart, index: turn, count: Math.ceil(post.count / 2) }, SPAN_MS));
}

type SentinelPhaseAwaited = (typeof LATER_PHASES)[number];

/** A client close by, which sends once, at a later phase. */
function openNear(post: Post, awaited: SentinelPhaseAwaited): Sentinel {
  const danger = openDanger(post.now);
  let line: Line;
  let sent = false;

  return {
    async place() {
      line = post.line();
      return keptAlive(post, line, () => {
        if (!sent) excuse(post, line, danger.signalled);
      });
    },
    phase(phase) {
      danger.tell(phase);
      // A new instance that is ready before the signal is no moment of danger.
      if (!danger.signalled || (phase !== awaited && phase !== 'completed') || sent || line.ending !== 'open') return;
      sent = true;
      void line.ask(post.request).ended.then((seen) => post.settle(seen));
    },
  };
}

/** A client some way off, which sends first `firstMs` after the signal, and then comes again and again. */
function openAway(post: Post, firstMs: number): Sentinel {
  const danger = openDanger(post.now);
  let line: Line;
  /** The last request that was answered, between two of them. */
  let last: Observation | undefined;
  let sent = false;
  let over = false;

  function closed(): void {
    // It comes so often that it is on its way when the close is; one that rests for longer is told of the close in
    // time.
    if (last !== undefined) return danger.near && line.ending === 'fin' ? send() : post.settle(last);
    if (sent) return;
    if (line.ending !== 'fin') return excuse(post, line, danger.signalled);
    const { signalled } = danger;
    post.after(AWAY_MS, () => {
      if (!sent) excuse(post, line, signalled);
    });
  }

  function send(): void {
    const closedMs = line.endedMs;
    if (closedMs !== undefined && post.now() - closedMs >= AWAY_MS) return;
    sent = true;
    last = undefined;
    const also =
      closedMs === undefined
        ? {}
        : {
            note:
              `written ${(post.now() - closedMs).toFixed(1)} ms after the server had closed, as a client does ` +
              `that is ${AWAY_MS} ms away`,
          };
    void line.ask(post.request).ended.then((seen) => {
      const fine = outcomeOf(seen, post.request.expect).outcome === 'answered';
      if (!fine || over || !line.usable) return post.settle(seen, also);
      last = seen;
      if (danger.near) post.after(REST_MS, again);
    });
  }

  function again(): void {
    if (last !== undefined && danger.near && line.ending === 'open') send();
  }

  return {
    async place() {
      line = post.line({ lingerMs: AWAY_MS });
      return keptAlive(post, line, closed);
    },
    phase(phase) {
      danger.tell(phase);
      if (phase === 'signalled') post.after(firstMs, send);
      if (phase === 'ready') again();
      if (phase !== 'completed') return;
      over = true;
      if (last !== undefined) post.settle(last);
    },
  };
}

/** Makes the connection a kept-alive one; the problem in words when it cannot be. */
async function keptAlive(post: Post, line: Line, closed: () => void): Promise<string | undefined> {
  await line.opened;
  const seen = await line.ask(post.request).ended;
  if (!seen.complete) {
    return `the request that makes it kept-alive was not answered (${seen.deadline ?? line.trouble})`;
  }
  if (!line.usable) return `${post.request.path} closes the connection after its answer, so that none is ever idle`;
  line.onEnd = closed;
  return undefined;
}

/** A close that was seen in time is fine; one before the signal leaves nothing to be seen. */
function excuse(post: Post, line: Line, signalled: boolean): void {
  if (signalled) return post.excuse(line, 'closed by the server before anything was written');
  post.settle(line.asSeen(), {
    outcome: 'unsent',
    note: 'the server closed it before the signal, so that it was not idle when the restart began',
  });
}

/**
 * idle: kept alive and idle when the signal comes. The next request must be answered, or not be sent because a close was seen.
 *
 * Rule: half of them send within 20 ms after the signal, as clients that are 5 ms away: such a client learns 5 ms late of a close
 * and writes its request nevertheless. That is the keep-alive race, and it is really written here. The others send when the old
 * instance is gone, or the new one ready, as clients close by.
 */
import type { Line } from './line.ts';
import type { Post, Sentinel, SentinelKind } from './sentinel.ts';
import { surveyed } from './survey.ts';
import { sweptMs } from './sweep.ts';

const SPAN_MS = 20;
/** How late a client that is some way off learns of a close: its round trip, as between two towns. */
export const AWAY_MS = 5;
const LATER_PHASES = ['gone', 'ready'] as const;

export const idle: SentinelKind = { name: 'idle', scheme: 'http:', survey: surveyed, open: openIdle };

function openIdle(post: Post): Sentinel {
  const swept = post.index % 2 === 0;
  const turn = Math.floor(post.index / 2);
  const sweep = { restart: post.restart, index: turn, count: Math.ceil(post.count / 2) };
  const waitsFor = LATER_PHASES[turn % 2];
  const awayMs = swept ? AWAY_MS : 0;
  let line: Line;
  let signalled = false;
  let sent = false;

  function closed(): void {
    const excuse = (): void => {
      if (!sent) post.excuse(line, 'closed by the server before anything was written');
    };
    if (line.ending === 'fin' && awayMs > 0) post.after(awayMs, excuse);
    else excuse();
  }

  function send(): void {
    const closedMs = line.endedMs;
    const knows = closedMs !== undefined && post.now() - closedMs >= awayMs;
    if (sent || post.settled || knows) return;
    sent = true;
    const also = closedMs === undefined ? {} : { note: `written ${(post.now() - closedMs).toFixed(1)} ms after the server had closed, as a client does that is ${awayMs} ms away` };
    void line.ask(post.request).ended.then((seen) => post.settle(seen, also));
  }

  return {
    async place() {
      line = post.line(awayMs);
      await line.opened;
      const seen = await line.ask(post.request).ended;
      if (!seen.complete) return `the request that makes it kept-alive was not answered (${line.errno ?? seen.deadline ?? line.ending})`;
      if (!line.usable) return `${post.request.path} closes the connection after its answer, so that none is ever idle`;
      line.onEnd = closed;
      return undefined;
    },
    phase(phase) {
      // A new instance that is ready before the signal is no moment of danger.
      if (phase === 'signalled') {
        signalled = true;
        if (swept) post.after(sweptMs(sweep, SPAN_MS), send);
      } else if (signalled && !swept && (phase === waitsFor || phase === 'completed')) {
        send();
      }
    },
  };
}

/**
 * http2: streams are open on one connection when the signal comes. Those that the server has begun with must complete;
 * others may be refused untouched, by GOAWAY or REFUSED_STREAM.
 *
 * Rule: the streams under way when the signal is told count, and one more that is opened within 20 ms after it. A
 * stream that is answered before is opened again, but not more often than every 20 ms.
 */
import { Http2Line, type StreamEnd } from './http2-line.ts';
import type { Post, Scout, Sentinel, SentinelKind, Survey } from './sentinel.ts';
import { SHORTEST_ROUND_MS, surveyOf, tooQuick } from './survey.ts';
import { sweptMs } from './sweep.ts';

const STREAMS = 3;
const LATE_SPAN_MS = 20;

export const http2: SentinelKind = { name: 'http2', scheme: 'http:', survey, open: openHttp2 };

async function survey(scout: Scout): Promise<Survey> {
  const { path } = scout.request;
  const line = new Http2Line(scout.to);
  await line.opened;
  if (!line.usable) {
    line.destroy();
    return {
      useless: true,
      problem: `The target does not speak HTTP/2 without TLS (${line.errno}). Leave http2 out of traffic.sentinels.`,
    };
  }
  const { seen } = await line.ask(scout.request);
  line.destroy();
  const found = surveyOf(scout, seen);
  const tookMs = seen.endMs - seen.dueMs;
  if (found.problem !== undefined || tookMs >= SHORTEST_ROUND_MS) return found;
  return tooQuick(path, tookMs);
}

function openHttp2(post: Post): Sentinel {
  const line = new Http2Line(post.to);
  post.owned(() => line.destroy());
  const underWay = new Set<Promise<StreamEnd>>();
  const counted: StreamEnd[] = [];
  let signalled = false;
  let late = false;

  async function stream(): Promise<void> {
    if (!line.usable) return;
    const asked = line.ask(post.request);
    underWay.add(asked);
    const end = await asked;
    underWay.delete(asked);
    if (signalled || !end.seen.complete) counted.push(end);
    else last = end;
    if (!signalled && end.seen.complete) {
      post.after(
        SHORTEST_ROUND_MS - Math.min(SHORTEST_ROUND_MS, end.seen.endMs - end.seen.dueMs),
        () => void (signalled || stream()),
      );
    }
    conclude();
  }
  let last: StreamEnd | undefined;

  /** Settles when all that counts has ended, with the worst of it. */
  function conclude(): void {
    if (!late || underWay.size > 0 || post.settled) return;
    const ends = counted.length > 0 ? counted : last === undefined ? [] : [last];
    const bad = ends.find(({ seen, untouched }) => !seen.complete && !untouched);
    const answered = ends.filter(({ seen }) => seen.complete).length;
    if (bad !== undefined) return post.settle(bad.seen, bad.note === undefined ? {} : { note: bad.note });
    const first = ends.find(({ seen }) => seen.complete) ?? ends[0];
    const goaway = line.lastStream === undefined ? 'no GOAWAY' : `GOAWAY with last stream ${line.lastStream}`;
    const note = `${answered} streams answered, ${ends.length - answered} refused untouched, ${goaway}`;
    if (first !== undefined) post.settle(first.seen, first.seen.complete ? { note } : { outcome: 'answered', note });
  }

  return {
    async place() {
      await line.opened;
      if (!line.usable) return `no HTTP/2 connection to the target: ${line.errno}`;
      for (let opened = 0; opened < STREAMS; opened += 1) void stream();
      return undefined;
    },
    phase(phase) {
      if (phase !== 'signalled') return;
      signalled = true;
      post.after(sweptMs(post, LATE_SPAN_MS), () => {
        late = true;
        void stream();
        conclude();
      });
    },
  };
}

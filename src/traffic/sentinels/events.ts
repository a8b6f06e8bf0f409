/**
 * events: a stream of server-sent events is open when the signal comes. It must end cleanly, with a reconnect that
 * succeeds at once, or stay open.
 *
 * Rule: clean is a terminating chunk, the whole of a length, or a close that `Connection: close` had announced. A
 * stream that ends cleanly before the signal is opened again.
 */
import type { PlannedRequest } from '../../model/plan.ts';
import type { Exchange } from './exchange.ts';
import type { Line } from './line.ts';
import type { Post, Scout, Sentinel, SentinelKind, Survey } from './sentinel.ts';
import { SHORTEST_ROUND_MS } from './survey.ts';

export const events: SentinelKind = { name: 'events', survey, open: openEvents };

async function survey(scout: Scout): Promise<Survey> {
  const request = streamOf(scout.request);
  const line = scout.line();
  await line.opened;
  const exchange = line.ask(request, { endless: true });
  await exchange.head;
  const open = !exchange.over;
  line.destroy();
  const wrong = scout.problemWith({ ...(await exchange.ended), ...(open ? { complete: true } : {}) });
  if (wrong !== undefined) {
    return {
      useless: true,
      problem: `GET ${request.path} is not answered as expected (${wrong}). Name the path of a stream of events.`,
    };
  }
  return open
    ? { request }
    : {
        useless: true,
        problem: `${request.path} ends with its head: it is not a stream. Name the path of a stream of events.`,
      };
}

/** The request of a stream. Its body never ends, so that nothing can be expected of it. */
function streamOf(request: PlannedRequest): PlannedRequest {
  const { status } = request.expect;
  return {
    ...request,
    method: 'GET',
    headers: { ...request.headers, Accept: 'text/event-stream' },
    expect: status === undefined ? {} : { status },
  };
}

function openEvents(post: Post): Sentinel {
  let line: Line;
  let stream: Exchange;
  let signalled = false;

  async function open(): Promise<void> {
    line = post.line();
    await line.opened;
    stream = line.ask(post.request, { endless: true });
    void stream.ended.then(() => ended());
    await stream.head;
  }

  function ended(): void {
    const { seen, parser } = stream;
    if (!seen.complete) return post.settle(seen);
    if (parser.untilClose && parser.head.keepsAlive) {
      return post.settle(seen, {
        outcome: 'truncated',
        note: 'the stream ended without a last chunk or an announced close',
      });
    }
    if (signalled) void reconnect();
    else post.after(SHORTEST_ROUND_MS, () => void open());
  }

  async function reconnect(): Promise<void> {
    const again = post.line();
    await again.opened;
    const exchange = again.ask(post.request, { endless: true });
    await exchange.head;
    const { seen } = exchange;
    if (exchange.over) {
      return post.settle(seen, {
        note: seen.complete ? 'ended cleanly and came back' : 'the stream ended cleanly, the reconnect failed',
      });
    }
    opened(exchange, 'ended cleanly, and the reconnect succeeded at once');
    again.destroy();
  }

  /** Settles with a stream that is open: its head is all that there is to judge. */
  function opened(exchange: Exchange, note: string): void {
    const { seen, parser } = exchange;
    post.settle({ ...seen, complete: true, ending: 'open', endMs: post.now(), status: parser.head.status }, { note });
  }

  return {
    async place() {
      await open();
      return stream.over || !stream.parser.headRead
        ? `the stream did not open (${stream.seen.deadline ?? line.trouble})`
        : undefined;
    },
    phase(phase) {
      if (phase === 'signalled') signalled = true;
    },
    end() {
      if (!stream.over) opened(stream, 'still open at the end');
    },
  };
}

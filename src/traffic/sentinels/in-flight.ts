/**
 * in-flight: the handler is working on a request when the signal comes. It must be answered as a whole.
 *
 * Rule: the request under way when the signal is told counts. One that is answered before is sent again on the same
 * connection, but not more often than every 20 ms.
 */
import type { Observation } from '../client.ts';
import type { Line } from './line.ts';
import type { Post, Sentinel, SentinelKind } from './sentinel.ts';
import { SHORTEST_ROUND_MS, surveyedSlow } from './survey.ts';

export const inFlight: SentinelKind = { name: 'in-flight', scheme: 'http:', survey: surveyedSlow, open: openInFlight };

function openInFlight(post: Post): Sentinel {
  let line: Line | undefined;
  let last: Observation | undefined;
  let underWay = false;
  let signalled = false;

  async function connected(): Promise<Line> {
    if (line?.usable !== true) {
      line?.destroy();
      line = post.line();
      await line.opened;
    }
    return line;
  }

  async function send(): Promise<void> {
    const on = await connected();
    if (signalled && last !== undefined) return;
    underWay = true;
    const exchange = on.ask(post.request);
    void exchange.ended.then((seen) => {
      underWay = false;
      last = seen;
      if (signalled || !seen.complete) post.settle(seen);
      else post.after(Math.max(0, SHORTEST_ROUND_MS - (seen.endMs - seen.dueMs)), () => void send());
    });
  }

  return {
    async place() {
      const on = await connected();
      if (!on.usable) return `no connection to the target: ${on.errno ?? on.ending}`;
      await send();
      return undefined;
    },
    phase(phase) {
      if (phase !== 'signalled') return;
      signalled = true;
      if (!underWay && last !== undefined) post.settle(last);
    },
  };
}

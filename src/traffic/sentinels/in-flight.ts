/**
 * in-flight: the handler is working on a request while the old instance leaves. It must be answered as a whole.
 *
 * Rule: before the signal, a request that is answered is sent again on the same connection, but not more often than every 20 ms. After
 * it the same goes on, because in a handoff the old instance leaves only when its successor is ready: until it is gone, says that it
 * closes the connection, or a second has passed (a client that never rests could keep it for ever). The first request that is
 * not answered, or else the last one, is the outcome.
 */
import { outcomeOf } from '../classify.ts';
import type { Observation } from '../client.ts';
import type { Post, Sentinel, SentinelKind } from './sentinel.ts';
import { steadyLine } from './steady.ts';
import { SHORTEST_ROUND_MS, surveyedSlow } from './survey.ts';

export const inFlight: SentinelKind = { name: 'in-flight', scheme: 'http:', survey: surveyedSlow, open: openInFlight };

/** After the signal, the old instance is kept busy for so long at most. */
const LONGEST_MS = 1000;

function openInFlight(post: Post): Sentinel {
  const steady = steadyLine(post);
  let last: Observation | undefined;
  let underWay = false;
  let signalledMs = Infinity;
  let over = false;

  const isLeaving = (): boolean => over || post.now() - signalledMs >= LONGEST_MS || !steady.usable;

  async function send(): Promise<void> {
    // A connection that the server has ended by now was closed cleanly, between two answers.
    if (last !== undefined && signalledMs < Infinity && isLeaving()) return post.settle(last);
    const on = await steady.get();
    underWay = true;
    const exchange = on.ask(post.request);
    void exchange.ended.then((seen) => {
      underWay = false;
      last = seen;
      const fine = outcomeOf(seen, post.request.expect).outcome === 'answered';
      if (!fine || (signalledMs < Infinity && isLeaving())) post.settle(seen);
      else post.after(Math.max(0, SHORTEST_ROUND_MS - (seen.endMs - seen.dueMs)), () => void send());
    });
  }

  return {
    async place() {
      const on = await steady.get();
      if (!on.usable) return `no connection to the target: ${on.errno ?? on.ending}`;
      await send();
      return undefined;
    },
    phase(phase) {
      if (phase === 'signalled') signalledMs = post.now();
      if (phase !== 'gone' && phase !== 'completed') return;
      over = true;
      if (!underWay && last !== undefined) post.settle(last);
    },
  };
}

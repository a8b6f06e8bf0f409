/**
 * in-flight: the handler is working on a request while the old instance leaves. It must be answered as a whole.
 *
 * Rule: before the signal, a request that is answered is sent again on the same connection, but not more often than
 * every 20 ms. The request that is under way at the signal is the sentinel's own. After it the same goes on as long as
 * the old instance may leave any moment, until it is gone or says that it closes the connection: the first of
 * these that is not answered is reported apart, since it is another request and another mistake.
 */
import { outcomeOf } from '../classify.ts';
import type { Observation } from '../client.ts';
import { openDanger } from './danger.ts';
import type { Post, Sentinel, SentinelKind } from './sentinel.ts';
import { steadyLine } from './steady.ts';
import { SHORTEST_ROUND_MS, surveyedSlow } from './survey.ts';

export const inFlight: SentinelKind = { name: 'in-flight', survey: surveyedSlow, open: openInFlight };

function openInFlight(post: Post): Sentinel {
  const steady = steadyLine(post);
  const danger = openDanger(post.now);
  /** The last request that was sent before the signal. */
  let own: Observation | undefined;
  let last: Observation | undefined;
  let underWay = false;
  let over = false;

  const isLeft = (): boolean => danger.signalled && (over || !steady.usable);

  function conclude(seen: Observation): void {
    const fine = outcomeOf(seen, post.request.expect).outcome === 'answered';
    if (fine || own === undefined || own === seen) post.settle(seen);
    else post.settleWithNext(own, seen);
  }

  async function send(): Promise<void> {
    // A connection that the server has ended by now was closed cleanly, between two answers.
    if (last !== undefined && isLeft()) return conclude(last);
    const on = await steady.get();
    underWay = true;
    const follows = danger.signalled && own !== undefined;
    const exchange = on.ask(post.request);
    void exchange.ended.then((seen) => {
      underWay = false;
      last = seen;
      if (!follows) own = seen;
      const fine = outcomeOf(seen, post.request.expect).outcome === 'answered';
      if (!fine || isLeft()) conclude(seen);
      else if (!danger.signalled || danger.near) {
        post.after(Math.max(0, SHORTEST_ROUND_MS - (seen.endMs - seen.dueMs)), next);
      }
    });
  }

  function next(): void {
    if (!underWay) void send();
  }

  return {
    async place() {
      const on = await steady.get();
      if (!on.usable) return `no connection to the target: ${on.trouble}`;
      await send();
      return undefined;
    },
    phase(phase) {
      danger.tell(phase);
      if (phase === 'ready' && danger.signalled) next();
      if (phase !== 'gone' && phase !== 'completed') return;
      over = true;
      if (!underWay && last !== undefined) conclude(last);
    },
  };
}

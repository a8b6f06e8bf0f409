/**
 * pipelined: two requests were written in one go, and the second waits for the first. Both must be answered; the second
 * may also be closed cleanly unread after a whole first answer.
 *
 * Rule: the pair under way when the signal is told counts. A pair that is answered before is sent again, but not more
 * often than every 20 ms.
 */
import type { Observation } from '../client.ts';
import type { Post, Sentinel, SentinelKind } from './sentinel.ts';
import { steadyLine } from './steady.ts';
import { SHORTEST_ROUND_MS, surveyedSlow } from './survey.ts';

export const pipelined: SentinelKind = {
  name: 'pipelined',

  survey: surveyedSlow,
  open: openPipelined,
};

function openPipelined(post: Post): Sentinel {
  const steady = steadyLine(post);
  let last: Observation | undefined;
  let underWay = false;
  let signalled = false;

  async function send(): Promise<void> {
    const on = await steady.get();
    if (signalled && last !== undefined) return;
    underWay = true;
    const [first, second] = await Promise.all(on.askTogether([post.request, post.request]).map(({ ended }) => ended));
    underWay = false;
    if (first === undefined || second === undefined) return;
    last = second;
    const unread = first.complete && !second.complete && second.ending === 'fin' && second.bytesRead === 0;
    if (first.complete && (second.complete || unread) && !signalled) post.after(SHORTEST_ROUND_MS, () => void send());
    else if (!first.complete) post.settle(first, { note: 'the first of two' });
    else if (unread) {
      post.settle(second, {
        outcome: 'answered',
        note: 'the second request was closed cleanly unread after a whole first answer',
      });
    } else post.settle(second, { note: 'the second of two' });
  }

  return {
    async place() {
      const on = await steady.get();
      if (!on.usable) return `no connection to the target: ${on.trouble}`;
      void send();
      return undefined;
    },
    phase(phase) {
      if (phase !== 'signalled') return;
      signalled = true;
      if (!underWay && last !== undefined) post.settle(last);
    },
  };
}

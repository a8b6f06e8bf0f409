/**
 * parked: connected, and not a byte sent. Its request goes out 10 to 200 ms after the signal and must be answered,
 * unless the connection was closed cleanly before.
 *
 * Rule: FIN before anything was written is fine; RST is not, it means that the connection was thrown out of an accept
 * queue.
 */
import type { Post, Sentinel, SentinelKind } from './sentinel.ts';
import { surveyed } from './survey.ts';
import { sweptMs } from './sweep.ts';

const FIRST_MS = 10;
const LAST_MS = 200;

export const parked: SentinelKind = { name: 'parked', survey: surveyed, open: openParked };

function openParked(post: Post): Sentinel {
  const line = post.line();

  function ended(): void {
    if (line.ending === 'fin') post.excuse(line, 'closed by the server before anything was written');
    else {
      void line.expect(post.request).ended.then((seen) => post.settle(seen, { note: 'before anything was written' }));
    }
  }

  return {
    async place() {
      await line.opened;
      if (!line.usable) return `no connection to the target: ${line.trouble}`;
      line.onEnd = ended;
      return undefined;
    },
    phase(phase) {
      if (phase !== 'signalled') return;
      post.after(FIRST_MS + sweptMs(post, LAST_MS - FIRST_MS), () => {
        line.onEnd = () => undefined;
        void line.ask(post.request).ended.then((seen) => post.settle(seen));
      });
    },
  };
}

/**
 * backlog: connected while nobody accepts, its request already written. It must be answered.
 *
 * Rule: it acts when the old instance is frozen, so that its connection waits in the accept queue; at the signal only
 * when nothing will be frozen (a successor may have to be started before that).
 */
import type { Post, Sentinel, SentinelKind } from './sentinel.ts';
import { surveyed } from './survey.ts';

export const backlog: SentinelKind = { name: 'backlog', survey: surveyed, open: openBacklog };

function openBacklog(post: Post): Sentinel {
  let sent = false;
  return {
    place: () => Promise.resolve(undefined),
    async phase(phase) {
      const due = phase === 'frozen' || (phase === 'signalled' && !post.freezes) || phase === 'completed';
      if (sent || !due) return;
      sent = true;
      const line = post.line();
      await line.opened;
      post.settle(
        await line.ask(post.request).ended,
        phase === 'frozen' ? {} : { note: 'sent when nothing was frozen' },
      );
    },
  };
}

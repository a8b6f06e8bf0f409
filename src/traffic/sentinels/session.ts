/**
 * session: a client that has logged in and counts its visits. After the restart the count must go on.
 *
 * Rule: the first number of the body is the count. It counts up from 1 in one session, so that a lost session is seen as a count
 * that begins again.
 */
import type { Post, Scout, Sentinel, SentinelKind, Survey } from './sentinel.ts';
import { surveyOf } from './survey.ts';
import { Visitor } from './visitor.ts';

export const session: SentinelKind = { name: 'session', scheme: 'http:', survey, open: openSession };

async function survey(scout: Scout): Promise<Survey> {
  const visitor = new Visitor(scout.request, () => scout.line());
  const first = await visitor.visit();
  const one = visitor.count;
  await visitor.visit();
  const found = surveyOf(scout, first);
  if (found.problem !== undefined) return found;
  if (one !== undefined && visitor.count !== undefined && visitor.count > one) return {};
  const answered = `${one ?? 'no number'}, then ${visitor.count ?? 'no number'}`;
  return { useless: true, problem: `${scout.request.path} does not count the visits of one session (it answered ${answered}). Name a path whose body holds such a count.` };
}

function openSession(post: Post): Sentinel {
  const visitor = new Visitor(post.request, () => post.line());
  return {
    async place() {
      await visitor.visit();
      await visitor.visit();
      return visitor.count === undefined ? 'the visits before the restart were not answered with a count' : undefined;
    },
    async phase(phase) {
      if (phase !== 'completed') return;
      const before = visitor.count ?? 0;
      const seen = await visitor.visit();
      const after = visitor.count;
      if (seen.complete && after === undefined) post.settle(seen, { outcome: 'failed', note: 'the answer holds no count' });
      else if (seen.complete && after !== undefined && after <= before) post.settle(seen, { outcome: 'failed', note: `the counter went from ${before} back to ${after}` });
      else post.settle(seen);
    },
  };
}

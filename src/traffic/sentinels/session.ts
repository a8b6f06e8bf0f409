/**
 * session: a client that has logged in and counts its visits. After the restart the count must go on.
 *
 * Rule: the first number of the body is the count. It counts up from 1 in one session, so that a lost session is seen
 * as a count that begins again.
 */
import type { Post, Scout, Sentinel, SentinelKind, Survey } from './sentinel.ts';
import { surveyOf } from './survey.ts';
import { Visitor } from './visitor.ts';

export const session: SentinelKind = { name: 'session', survey, open: openSession };

/**
 * Where the answers name their instance, so many visits until a second one is met: a front door sends all to one of two
 * in 1 of 2,000 cases.
 */
const MOST_VISITS = 12;

async function survey(scout: Scout): Promise<Survey> {
  const { path } = scout.request;
  const visitor = new Visitor(scout.request, () => scout.line());
  const first = await visitor.visit();
  const found = surveyOf(scout, first);
  if (found.problem !== undefined) return found;
  for (let visits = 2; visits <= MOST_VISITS; visits += 1) {
    const before = visitor.count;
    const { identity } = await visitor.visit();
    const elsewhere = identity !== first.identity;
    const goesOn = before !== undefined && visitor.count !== undefined && visitor.count > before;
    if (!goesOn && elsewhere) {
      return {
        useless: true,
        problem:
          `${path} loses its session between two visits, without any restart, when another instance answers. ` +
          AFFINITY,
      };
    }
    if (!goesOn) {
      return {
        useless: true,
        problem:
          `${path} does not count the visits of one session (it answered ${before ?? 'no number'}, then ` +
          `${visitor.count ?? 'no number'}). Name a path whose body holds such a count.`,
      };
    }
    if (elsewhere || identity === undefined) return {};
  }
  return {};
}

const AFFINITY =
  'Keep the sessions where every instance finds them (a store such as Redis, see services in the scenario), or ' +
  'let the front door bring each visitor back to the same one (fleet.front.sticky).';

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
      if (seen.complete && after === undefined) {
        post.settle(seen, { outcome: 'failed', note: 'the answer holds no count' });
      } else if (seen.complete && after !== undefined && after <= before) {
        post.settle(seen, { outcome: 'failed', note: `the counter went from ${before} back to ${after}` });
      } else post.settle(seen);
    },
  };
}

/**
 * The sentinels of a plan: put in place before a restart, told of its phases, ended after it.
 *
 * Rule: a sentinel that cannot be put in place is a problem that is told, never silently left out. One that is in place
 * ends in exactly one outcome, which is recorded when `release` resolves at the latest.
 */
import type { Plan, PlannedSentinel, SentinelPhase, SentinelProblem } from '../../model/plan.ts';
import type { PlacedSentinel, SentinelName } from '../../model/sentinel.ts';
import { addressOf } from '../http1/address.ts';
import { Security } from '../tls/security.ts';
import { backlog } from './backlog.ts';
import { download } from './download.ts';
import { events } from './events.ts';
import { http2 } from './http2.ts';
import { idle } from './idle.ts';
import { inFlight } from './in-flight.ts';
import { parked } from './parked.ts';
import { pipelined } from './pipelined.ts';
import { openPost, scoutOf, type Ground, type PostKeeper } from './post.ts';
import { summed } from './problems.ts';
import type { SentinelDeps, SentinelKind } from './sentinel.ts';
import { session } from './session.ts';
import { tls } from './tls.ts';
import { upload } from './upload.ts';
import { websocket } from './websocket.ts';

export interface Sentinels {
  /** Puts the sentinels of this restart in place; resolves with what could not be put there, or may see little. */
  place(restart: number): Promise<SentinelProblem[]>;
  /** `localPorts`: only those with a connection from one of these are meant. */
  phase(restart: number, phase: SentinelPhase, localPorts?: readonly number[]): void;
  /** Ends the sentinels of this restart that are left; each has its outcome when this resolves. */
  release(restart: number): Promise<void>;
  /** Sentinels put in place so far; each of them ends in one outcome. */
  readonly due: number;
}

const KINDS: Readonly<Record<PlacedSentinel, SentinelKind>> = {
  'in-flight': inFlight,
  idle,
  upload,
  download,
  parked,
  backlog,
  pipelined,
  events,
  websocket,
  http2,
  tls,
  session,
};

/** What putting sentinels in place may take beyond the longest time of one request, ms. */
const PLACING_MS = 5000;

/** The sentinels of one restart. */
interface Watch {
  restart: number;
  posts: PostKeeper[];
  /** Sentinels may still be put in place. */
  placing: boolean;
}

/** Opens the sentinels of a plan. */
export function openSentinels(plan: Plan, deps: SentinelDeps): Sentinels {
  const { protocol } = new URL(plan.origin);
  const limitMs = plan.client.timeoutMs + PLACING_MS;
  const surveyed = new Map<SentinelName, PlannedSentinel>();
  let ground: Promise<Ground> | undefined;
  let due = 0;
  let watch: Watch | undefined;

  /** Places all of one kind; resolves with what is to be said of it. */
  async function placeKind(planned: PlannedSentinel, into: Watch): Promise<SentinelProblem[]> {
    const { name, count, share = { agent: 0, of: 1 } } = planned;
    const kind = KINDS[name];
    if (kind.scheme !== undefined && protocol !== kind.scheme) {
      return [
        missing(
          `${name}: not available for ${protocol}// targets, only for ${kind.scheme}// ones. Leave it out of ` +
            'traffic.sentinels.',
        ),
      ];
    }
    const on = await (ground ??= groundOf(plan, deps));
    const known = surveyed.get(name);
    const survey = known === undefined ? await kind.survey(scoutOf(on, planned.request)) : {};
    const found =
      survey.problem === undefined ? [] : [{ placed: survey.useless !== true, message: `${name}: ${survey.problem}` }];
    if (survey.useless === true) return found;
    const { request } = known ?? { request: survey.request ?? planned.request };
    surveyed.set(name, { name, count, request });
    const indexes = Array.from({ length: count }, (_, index) => index).filter(
      (index) => index % share.of === share.agent,
    );
    const problems = await Promise.all(
      indexes.map((index) =>
        placeOne(
          kind,
          openPost(on, { name, restart: into.restart, index, count, request, followed: () => (due += 1) }),
          into,
        ),
      ),
    );
    return [
      ...found,
      ...summed(
        name,
        indexes.length,
        problems.filter((problem) => problem !== undefined),
      ).map(missing),
    ];
  }

  async function placeOne(kind: SentinelKind, keeper: PostKeeper, into: Watch): Promise<string | undefined> {
    const sentinel = kind.open(keeper.post);
    const problem = await sentinel.place();
    // What ended while it was placed was in place: its outcome is recorded.
    if (!into.placing || (problem !== undefined && !keeper.post.settled)) {
      keeper.close();
      return problem;
    }
    due += 1;
    keeper.man(sentinel);
    into.posts.push(keeper);
    return undefined;
  }

  async function place(restart: number): Promise<SentinelProblem[]> {
    if (watch !== undefined) await release(watch.restart);
    const into: Watch = { restart, posts: [], placing: true };
    watch = into;
    const placing = plan.sentinels.map((planned) => {
      const late =
        `${planned.name}: not all could be put in place within ${limitMs} ms, ` + `because the target did not answer.`;
      return within(limitMs, placeKind(planned, into), [missing(late)]);
    });
    const problems = await Promise.all(placing);
    into.placing = false;
    return problems.flat();
  }

  function phase(restart: number, reached: SentinelPhase, localPorts?: readonly number[]): void {
    if (watch?.restart !== restart) return;
    // What has no signal of its own was struck at the latest when the old instance was gone.
    if (reached === 'gone' || reached === 'completed') phase(restart, 'signalled');
    const ports = localPorts === undefined ? undefined : new Set(localPorts);
    for (const post of watch.posts) post.phase(reached, ports);
  }

  async function release(restart: number): Promise<void> {
    if (watch?.restart !== restart) return;
    // Whatever the restart did not come to, each acts now, so that its outcome is seen and not assumed.
    phase(restart, 'completed');
    const { posts } = watch;
    watch = undefined;
    await Promise.all(posts.map((post) => post.end()));
  }

  return {
    place,
    phase,
    release,
    get due() {
      return due;
    },
  };
}

const missing = (message: string): SentinelProblem => ({ placed: false, message });

/** Where the target is, and all that its sentinels share. */
async function groundOf(plan: Plan, deps: SentinelDeps): Promise<Ground> {
  const { hostname, port, host, protocol } = new URL(plan.origin);
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const { timeoutMs: totalMs, connectTimeoutMs: connectMs, headTimeoutMs: headMs, bodyTimeoutMs: bodyMs } = plan.client;
  const name = hostname.replace(/^\[|\]$/g, '');
  return {
    ...deps,
    host: await addressOf(name, number, connectMs),
    port: number,
    security: protocol === 'https:' ? new Security(plan.client.tls ?? {}, name, ['http/1.1']) : undefined,
    authority: host,
    freezes: plan.freezes ?? false,
    identityHeader: plan.identityHeader,
    deadlines: { totalMs, connectMs, headMs, bodyMs },
  };
}

/** What `work` resolves with, or `otherwise` when that takes too long. */
async function within<T>(limitMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (limit = setTimeout(() => resolve(otherwise), limitMs)));
  const result = await Promise.race([work, late]);
  clearTimeout(limit);
  return result;
}

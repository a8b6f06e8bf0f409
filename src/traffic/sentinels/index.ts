/**
 * The sentinels of a plan: put in place before a restart, told of its phases, ended after it.
 *
 * Rule: a sentinel that cannot be put in place is a problem that is told, never silently left out. One that is in place ends in
 * exactly one outcome, which is recorded when `disarm` resolves at the latest.
 */
import type { EventOf } from '../../model/event.ts';
import type { Plan, PlannedSentinel, ToAgent } from '../../model/plan.ts';
import type { SentinelName } from '../../model/sentinel.ts';
import { addressOf } from '../wire/address.ts';
import { backlog } from './backlog.ts';
import { download } from './download.ts';
import { events } from './events.ts';
import { idle } from './idle.ts';
import { inFlight } from './in-flight.ts';
import { parked } from './parked.ts';
import { pipelined } from './pipelined.ts';
import { openPost, scoutOf, type Ground, type PostKeeper } from './post.ts';
import type { SentinelKind } from './sentinel.ts';
import { session } from './session.ts';
import { upload } from './upload.ts';
import { summed } from './problems.ts';

/** The phases of a restart that sentinels act on. */
export type SentinelPhase = Extract<ToAgent, { kind: 'phase' }>['phase'];

/** What the agent lends to its sentinels. */
export interface SentinelDeps {
  /** ms since the plan's start. */
  now: () => number;
  /** The next connection number; unique in the session. */
  nextConnection: () => number;
  /** Index of an identity in the log. */
  identityIndex: (value: string) => number;
  /** Takes a `sentinel` event when one has ended. */
  record: (event: Omit<EventOf<'sentinel'>, 'session'>) => void;
}

export interface Sentinels {
  /** Puts the sentinels of this restart in place; resolves with what could not be put there, in words. */
  arm(restart: number): Promise<string[]>;
  phase(restart: number, phase: SentinelPhase, atMs: number): void;
  /** Ends the sentinels of this restart that are left; each has its outcome when this resolves. */
  disarm(restart: number): Promise<void>;
  /** Sentinels put in place so far; each of them ends in one outcome. */
  readonly due: number;
}

const KINDS: Readonly<Partial<Record<SentinelName, SentinelKind>>> = {
  'in-flight': inFlight,
  idle,
  upload,
  download,
  parked,
  backlog,
  pipelined,
  events,
  session,
};

/** Opens the sentinels of a plan. */
export function openSentinels(plan: Plan, deps: SentinelDeps): Sentinels {
  const { hostname, port, host, protocol } = new URL(plan.origin);
  const surveyed = new Map<SentinelName, PlannedSentinel>();
  let ground: Ground | undefined;
  let due = 0;
  let watch: { restart: number; posts: PostKeeper[]; phases: Set<SentinelPhase> } | undefined;

  async function groundOf(): Promise<Ground> {
    const bare = hostname.replace(/^\[|\]$/g, '');
    const number = port === '' ? 80 : Number(port);
    const { timeoutMs: totalMs, connectTimeoutMs: connectMs, headTimeoutMs: headMs, bodyTimeoutMs: bodyMs } = plan.client;
    return {
      ...deps,
      host: await addressOf(bare, number, connectMs),
      port: number,
      authority: host,
      identityHeader: plan.identityHeader,
      deadlines: { totalMs, connectMs, headMs, bodyMs },
    };
  }

  /** Places all of one kind; what could not be placed is told. */
  async function place(planned: PlannedSentinel, on: Ground, into: PostKeeper[], restart: number): Promise<string[]> {
    const kind = KINDS[planned.name];
    if (kind === undefined || protocol !== 'http:') return [`${planned.name}: not available for ${protocol}// targets`];
    const known = surveyed.get(planned.name);
    const survey = known === undefined ? await kind.survey(scoutOf(on, planned.request)) : {};
    const found = survey.problem === undefined ? [] : [`${planned.name}: ${survey.problem}`];
    if (survey.useless === true) return found;
    const use = known ?? { ...planned, request: survey.request ?? planned.request };
    surveyed.set(planned.name, use);
    const placing = Array.from({ length: use.count }, async (_, index): Promise<string | undefined> => {
      const post = openPost(on, { name: use.name, restart, index, count: use.count, request: use.request });
      const sentinel = kind.open(post.post);
      const problem = await sentinel.place();
      // What ended while it was placed was in place: its outcome is recorded.
      if (problem !== undefined && !post.post.settled) {
        post.close();
        return problem;
      }
      due += 1;
      post.man(sentinel);
      into.push(post);
      return undefined;
    });
    const problems = (await Promise.all(placing)).filter((problem) => problem !== undefined);
    return [...found, ...summed(planned.name, use.count, problems)];
  }

  function tell(restart: number, phase: SentinelPhase): void {
    if (watch?.restart !== restart || watch.phases.has(phase)) return;
    // What has no signal of its own was struck at the latest when the old instance was gone.
    if (phase === 'gone' || phase === 'completed') tell(restart, 'signalled');
    watch.phases.add(phase);
    for (const post of watch.posts) post.phase(phase);
  }

  return {
    async arm(restart) {
      ground ??= await groundOf();
      const on = ground;
      const posts: PostKeeper[] = [];
      watch = { restart, posts, phases: new Set() };
      return (await Promise.all(plan.sentinels.map((planned) => place(planned, on, posts, restart)))).flat();
    },
    phase: tell,
    async disarm(restart) {
      if (watch?.restart !== restart) return;
      // Whatever the restart did not come to, each acts now, so that its outcome is seen and not assumed.
      tell(restart, 'completed');
      const { posts } = watch;
      watch = undefined;
      await Promise.all(posts.map((post) => post.end()));
    },
    get due() {
      return due;
    },
  };
}

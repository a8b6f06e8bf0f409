/**
 * The post of one sentinel: its connections, its timers, and its one outcome.
 *
 * Rule: the first outcome counts and no other is recorded. After `end` no socket and no timer of it is left.
 */
import type { Story } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { PlannedRequest, SentinelPhase } from '../../model/plan.ts';
import type { SentinelName } from '../../model/sentinel.ts';
import { outcomeOf } from '../classify.ts';
import type { Observation } from '../client.ts';
import { storyOf } from '../story.ts';
import { Line, type LineHabits, type LineOptions } from './line.ts';
import type { Post, Scout, Sentinel, SentinelDeps } from './sentinel.ts';

/** What all sentinels of a plan share. */
export interface Ground extends SentinelDeps, Omit<LineOptions, keyof LineHabits> {
  freezes: boolean;
}

export interface PostOptions {
  name: SentinelName;
  restart: number;
  index: number;
  count: number;
  request: PlannedRequest;
  /** Called when a request that followed is to have an outcome of its own. */
  followed?: () => void;
}

/** A post as its owner sees it. */
export interface PostKeeper {
  readonly post: Post;
  /** The sentinel is in place; its outcome, known already or not, is to be recorded. */
  man(sentinel: Sentinel): void;
  /**
   * Tells the sentinel of a phase, once; with `localPorts`, only when its connection is from one of them, or when it
   * has none that could tell.
   */
  phase(phase: SentinelPhase, localPorts?: ReadonlySet<number>): void;
  /** Ends the sentinel; resolves when its outcome is recorded and nothing of it is left. */
  end(): Promise<void>;
  /** Leaves nothing behind, and records nothing. */
  close(): void;
}

/** What a deadline may be late by before a sentinel is given up, ms. */
const GRACE_MS = 2000;

/** Opens a post. Nothing is recorded before a sentinel mans it. */
export function openPost(ground: Ground, options: PostOptions): PostKeeper {
  const { now, deadlines } = ground;
  const { name, restart, index, count, request } = options;
  const lines: Line[] = [];
  const closings: (() => void)[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const told = new Set<SentinelPhase>();
  let sentinel: Sentinel | undefined;
  let verdict: { outcome: Outcome; story: Story } | undefined;
  let next: { outcome: Outcome; story: Story } | undefined;
  let recorded = (): void => undefined;
  const done = new Promise<void>((resolve) => (recorded = resolve));

  function record(): void {
    if (verdict === undefined || sentinel === undefined) return;
    ground.record({ kind: 'sentinel', restart, sentinel: name, index, ...verdict });
    if (next !== undefined) {
      options.followed?.();
      ground.record({ kind: 'sentinel', restart, sentinel: 'in-flight-next', index, ...next });
    }
    recorded();
  }

  function conclude(outcome: Outcome, story: Story): void {
    if (verdict !== undefined) return;
    verdict = { outcome, story };
    record();
    // A client that has what it wanted leaves: it shall not hold up the old instance.
    close();
  }

  const identityOf = ({ identity }: Observation): number | undefined =>
    identity === undefined ? undefined : ground.identityIndex(identity);

  const post: Post = {
    restart,
    index,
    count,
    request,
    now,
    freezes: ground.freezes,
    to: ground,
    owned: (closing) => closings.push(closing),
    get settled() {
      return verdict !== undefined;
    },
    line(also = {}) {
      const line = new Line({ ...ground, ...also });
      lines.push(line);
      return line;
    },
    after(ms, act) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (verdict === undefined) act();
      }, ms);
      timers.add(timer);
    },
    settleWithNext(own, following) {
      const { outcome, note } = outcomeOf(following, request.expect);
      if (verdict === undefined) next = { outcome, story: storyOf(following, 0, identityOf(following), note) };
      post.settle(own);
    },
    settle(seen, also = {}) {
      const judged = outcomeOf(seen, request.expect);
      const notes = [judged.note, also.note].filter((note) => note !== undefined);
      conclude(
        also.outcome ?? judged.outcome,
        storyOf(seen, 0, identityOf(seen), notes.length === 0 ? undefined : notes.join('; ')),
      );
    },
    excuse(line, note) {
      conclude('answered', storyOf(line.asSeen(), 0, undefined, note));
    },
  };

  function close(): void {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    for (const line of lines) line.destroy();
    for (const closing of closings.splice(0)) closing();
  }

  return {
    post,
    man(placed) {
      sentinel = placed;
      record();
    },
    phase(phase, localPorts) {
      const open = lines.filter(({ isOpen }) => isOpen);
      if (
        told.has(phase) ||
        (localPorts !== undefined && open.length > 0 && !open.some(({ localPort = 0 }) => localPorts.has(localPort)))
      ) {
        return;
      }
      told.add(phase);
      if (verdict === undefined) void sentinel?.phase(phase);
    },
    async end() {
      void sentinel?.end?.();
      // Everything it waits for has a deadline of its own; this one is for what we did not think of.
      const giveUp = setTimeout(() => {
        const endMs = now();
        conclude('timeout', {
          dueMs: endMs,
          endMs,
          connection: -1,
          ending: 'never',
          note: 'it had not ended when it was taken down',
        });
      }, deadlines.totalMs + GRACE_MS);
      await done;
      clearTimeout(giveUp);
      close();
    },
    close,
  };
}

/** A scout on this ground. */
export function scoutOf(ground: Ground, request: PlannedRequest): Scout {
  return {
    request,
    now: ground.now,
    to: ground,
    line: (also = {}) => new Line({ ...ground, ...also }),
    problemWith(seen) {
      const { outcome, note } = outcomeOf(seen, request.expect);
      return outcome === 'answered' ? undefined : (note ?? outcome);
    },
  };
}

/**
 * The traffic of one plan inside the agent: its streams, its recorder, its sentinels, from the plan to `done`.
 *
 * Rule: one timer drives all streams and sleeps until the next arrival is due. It is late by half a millisecond and
 * costs next to nothing; spinning would be exact and take a core away from the target. A tick that comes late reads
 * before it writes: no request may meet the end of a connection only because this process stalled.
 */
import type { FromAgent, Plan } from '../../model/plan.ts';
import { openRecorder, type AgentEvent } from '../recorder.ts';
import { openSentinels, type Sentinels } from '../sentinels/index.ts';
import { watchHealth, type Health } from './health.ts';
import { rehearse } from './rehearsal.ts';
import { clientOpener, openStreams } from './streams.ts';

/** Longest sleep, ms: a standstill of this process and the end of the traffic are noticed by so much late. */
const LONGEST_SLEEP_MS = 20;
/** So long after the moment that it was set for, a tick is late: usual are one or two. */
const LATE_TICK_MS = 9;
const MOST_READS = 3;
const TELL_MS = 250;
/** What clients need beyond their own deadlines to call back. */
const GRACE_MS = 1000;

export interface Traffic {
  readonly sentinels: Sentinels;
  /** Begins: the plan's moment 0 is this reading of performance.now(). */
  start(zeroMs: number): void;
  /** Sends what is due before `atMs`, waits for what is under way, and tells the rest of the log. */
  finish(atMs: number): Promise<void>;
}

/** Gets ready for a plan. */
export async function openTraffic(plan: Plan, send: (message: FromAgent) => void): Promise<Traffic> {
  const emit = (event: AgentEvent): void => send({ kind: 'log', event });
  const recorder = openRecorder(emit, plan.identityHeader !== undefined);
  const openClient = await clientOpener(plan.client.kind);
  let zeroMs = 0;
  let connections = 0;
  let health: Health | undefined;
  const now = (): number => performance.now() - zeroMs;
  const nextConnection = (): number => connections++;
  const late = (ms: number): void => health?.late(ms);
  const streams = openStreams(plan, { openClient, recorder, now, nextConnection, late });
  const sentinels = openSentinels(plan, { now, nextConnection, identityIndex: recorder.identityIndex, record: emit });
  await rehearse(plan.client, openClient);

  let ticking: NodeJS.Timeout | undefined;
  let telling: NodeJS.Timeout | undefined;
  let ended: (() => void) | undefined;
  let giveUpMs = Infinity;

  /** Sleeps until something is due. */
  function sleep(): void {
    const nextMs = Math.min(...streams.map(({ arrivals }) => arrivals.nextDueMs));
    const forMs = Math.min(Math.max(1, Math.ceil(nextMs - now())), LONGEST_SLEEP_MS);
    ticking = setTimeout(onTimer, forMs, now() + forMs);
  }

  function onTimer(setForMs: number): void {
    if (now() - setForMs > LATE_TICK_MS) readThenTick(MOST_READS);
    else tick();
  }

  /**
   * The sockets are read in between. After a stall in just that, it was read before the pause, and is read again: not
   * for ever, or a flood would keep us from sending.
   */
  function readThenTick(reads: number): void {
    const askedMs = now();
    setImmediate(() => {
      if (now() - askedMs > LATE_TICK_MS && reads > 1) readThenTick(reads - 1);
      else tick();
    });
  }

  function tick(): void {
    let settled = true;
    for (const { arrivals } of streams) {
      arrivals.tick();
      settled &&= arrivals.settled;
    }
    if (settled || now() > giveUpMs) ended?.();
    else sleep();
  }

  function tell(): void {
    recorder.flush();
    send({ kind: 'progress', ...recorder.totals });
  }

  return {
    sentinels,
    start(atMs) {
      zeroMs = atMs;
      health = watchHealth();
      sleep();
      telling = setInterval(tell, TELL_MS);
      // Only now: a connection's age counts on the plan's clock.
      for (const { client } of streams) void client.warmUp?.();
    },
    async finish(atMs) {
      // Told too late, the end is now: what has been sent was due.
      const endMs = Math.max(atMs, now());
      for (const { arrivals } of streams) arrivals.endAt(endMs);
      giveUpMs = endMs + plan.client.timeoutMs + GRACE_MS;
      await new Promise<void>((resolve) => (ended = resolve));
      clearTimeout(ticking);
      clearInterval(telling);
      for (const { client } of streams) client.close();
      tell();
      emit({
        kind: 'traffic-end',
        atMs: endMs,
        due: Object.fromEntries(streams.map(({ name, arrivals }) => [name, arrivals.due])),
        sentinelsDue: sentinels.due,
      });
      if (health !== undefined) emit(health.measured());
    },
  };
}

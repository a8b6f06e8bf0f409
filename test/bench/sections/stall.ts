/**
 * Smallest stall: a server is stopped (SIGSTOP) for a known time at random moments; a window in which an answer was
 * slower than the limit is seen. The limit comes from windows without a stall: one in a hundred of them exceeds it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { planOf, runAgent, streamOf } from '../agent.ts';
import { fixed, rankOf, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';
import { startTruth } from '../server.ts';

const STALLS_MS = [2, 5, 10, 20, 50];
const WINDOW_MS = 150;
const CONTROLS_PER_STALL = 10;
const RATE_PER_SECOND = 500;
const FALSE_ALARM_SHARE = 0.01;

interface Window {
  /** 0: a control. */
  stallMs: number;
  /** On performance.now(). */
  fromMs: number;
  /** What the stop really lasted. */
  lastedMs: number;
  worstMs: number;
}

export async function stall({ stalls }: BenchOptions): Promise<Figures> {
  const kinds = shuffled(
    [...STALLS_MS, ...Array.from({ length: CONTROLS_PER_STALL }, () => 0)].flatMap((ms) =>
      Array.from({ length: stalls }, () => ms),
    ),
  );
  const windows: Window[] = [];
  const answers: { dueMs: number; ms: number }[] = [];
  const server = await startTruth({ faults: {}, requests: 1 });
  const streams = [
    streamOf({ name: 'new', connection: 'new', ratePerSecond: RATE_PER_SECOND }),
    streamOf({ name: 'reused', firstDueMs: 500 / RATE_PER_SECOND, ratePerSecond: RATE_PER_SECOND }),
  ];
  const due = new Map(streams.map(({ name, firstDueMs }) => [name, firstDueMs]));
  let zeroMs = 0;
  await runAgent(planOf(server.url, streams), kinds.length * WINDOW_MS + 1000, {
    async meanwhile(startsAtMs) {
      zeroMs = startsAtMs;
      await delay(startsAtMs - performance.now() + 500);
      for (const stallMs of kinds) {
        const fromMs = performance.now();
        await delay(Math.random() * (WINDOW_MS / 3));
        windows.push({ stallMs, fromMs, lastedMs: stallMs === 0 ? 0 : stop(server.pid, stallMs), worstMs: 0 });
        await delay(Math.max(0, fromMs + WINDOW_MS - performance.now()));
      }
    },
    seen(event) {
      if (event.kind !== 'answered') return;
      event.seq.forEach((seq, row) => {
        const latencyUs = (event.latencyUs[row] as number) - Math.max(0, event.lateUs[row] as number);
        answers.push({
          dueMs: (due.get(event.stream) as number) + (seq * 1000) / RATE_PER_SECOND,
          ms: latencyUs / 1000,
        });
      });
    },
  });
  await server.close();
  for (const { dueMs, ms } of answers) {
    const atMs = zeroMs + dueMs;
    const window = windows.find(({ fromMs }) => atMs >= fromMs && atMs < fromMs + WINDOW_MS);
    if (window !== undefined) window.worstMs = Math.max(window.worstMs, ms);
  }
  // One half of the controls sets the limit, the other half tests it.
  const controls = windows.filter(({ stallMs }) => stallMs === 0);
  const half = Math.floor(controls.length / 2);
  const limitMs = rankOf(
    controls.slice(0, half).map(({ worstMs }) => worstMs),
    1 - FALSE_ALARM_SHARE,
  );
  const tested = controls.slice(half);
  const isSeen = ({ worstMs }: Window): boolean => worstMs > limitMs;
  return {
    about:
      `${2 * RATE_PER_SECOND} requests/s, half on new connections; windows of ${WINDOW_MS} ms in random order, ` +
      `${stalls} with each stall and ${controls.length} without.`,
    head: ['SIGSTOP for', 'really lasted, median', 'slowest answer, median', 'seen'],
    rows: STALLS_MS.map((ms) => {
      const some = windows.filter(({ stallMs }) => stallMs === ms);
      return [
        `${ms} ms`,
        `${fixed(
          rankOf(
            some.map(({ lastedMs }) => lastedMs),
            0.5,
          ),
        )} ms`,
        `${fixed(
          rankOf(
            some.map(({ worstMs }) => worstMs),
            0.5,
          ),
        )} ms`,
        `${some.filter(isSeen).length} of ${some.length}`,
      ];
    }),
    notes: [
      `Limit: ${fixed(limitMs)} ms, which one in a hundred of ${half} control windows exceeds. ` +
        `False alarms in the other ${tested.length}: ${
          tested.filter(isSeen).length
        }. Median of the slowest answer without a stall: ${fixed(
          rankOf(
            controls.map(({ worstMs }) => worstMs),
            0.5,
          ),
        )} ms.`,
    ],
  };
}

/**
 * Stops a process for `forMs` and returns how long it really was. Kept busy meanwhile: a timer would be late, and the
 * core of the stopped server is free.
 */
function stop(pid: number, forMs: number): number {
  process.kill(pid, 'SIGSTOP');
  const startMs = performance.now();
  while (performance.now() - startMs < forMs);
  process.kill(pid, 'SIGCONT');
  return performance.now() - startMs;
}

function shuffled(values: readonly number[]): number[] {
  return values
    .map((value) => ({ value, key: Math.random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ value }) => value);
}

/**
 * Live progress: one line that is rewritten on a terminal, a quiet line every few seconds elsewhere.
 *
 * Rule: it holds no timer, so that it never keeps a process alive; it speaks when it is told something.
 */
import { createLogUpdate } from 'log-update';
import picocolors from 'picocolors';
import { visible } from './terminal.ts';
import { countText, durationText } from './words.ts';

/** Totals of the session so far. */
export interface Totals {
  answered: number;
  lost: number;
  raced: number;
  other: number;
}

export interface Progress {
  /** An arm begins; `index` from 0. */
  arm(name: string, index: number, total: number): void;
  /** A restart begins; `n` from 0. */
  restart(n: number, total: number): void;
  tick(totals: Totals): void;
  /** One line that stays. */
  say(text: string): void;
  /** Leaves the last state where it stands. May be called more than once. */
  stop(): void;
}

export interface ProgressOptions {
  stream: NodeJS.WriteStream | NodeJS.WritableStream;
  quiet?: boolean;
  color?: boolean;
  isTTY?: boolean;
  /** ms; any origin. */
  now?: () => number;
}

const REPAINT_MS = 100;
const LINE_EVERY_MS = 5000;

/** Opens a display on a stream. */
export function openProgress(options: ProgressOptions): Progress {
  const { stream, quiet = false, isTTY = 'isTTY' in stream && stream.isTTY, color = isTTY, now = () => performance.now() } = options;
  if (quiet) return { arm() {}, restart() {}, tick() {}, say() {}, stop() {} };
  const colors = picocolors.createColors(color);
  const live = isTTY ? createLogUpdate(stream, { showCursor: true }) : undefined;
  const state = startState(now());
  let lastMs = -Infinity;

  const show = (force: boolean): void => {
    if (state.arm === '') return;
    const atMs = now();
    if (!force && atMs - lastMs < (live === undefined ? LINE_EVERY_MS : REPAINT_MS)) return;
    lastMs = atMs;
    const line = lineOf(state, atMs, colors);
    if (live === undefined) stream.write(`${line}\n`);
    else live(line);
  };
  return {
    arm(name, index, total) {
      Object.assign(state, { ...startState(now()), arm: visible(name), armIndex: index, arms: total });
      show(true);
    },
    restart(n, total) {
      if (n === 0) state.firstRestartMs = now();
      Object.assign(state, { restart: n, restarts: total });
      show(live !== undefined);
    },
    tick(totals) {
      const atMs = now();
      if (atMs > state.tickMs) state.perSecond = ((totals.answered - state.totals.answered) * 1000) / (atMs - state.tickMs);
      Object.assign(state, { totals, tickMs: atMs });
      show(false);
    },
    say(text) {
      live?.clear();
      stream.write(`${visible(text)}\n`);
      if (live !== undefined) show(true);
    },
    stop() {
      if (state.arm === '') return;
      show(live !== undefined);
      live?.done();
      state.arm = '';
    },
  };
}

interface State {
  arm: string;
  armIndex: number;
  arms: number;
  /** From 0; -1 before the first. */
  restart: number;
  restarts: number;
  firstRestartMs: number;
  tickMs: number;
  perSecond: number;
  totals: Totals;
}

function startState(atMs: number): State {
  return { arm: '', armIndex: 0, arms: 1, restart: -1, restarts: 0, firstRestartMs: atMs, tickMs: atMs, perSecond: 0, totals: { answered: 0, lost: 0, raced: 0, other: 0 } };
}

function lineOf(state: State, atMs: number, colors: ReturnType<typeof picocolors.createColors>): string {
  const { arm, armIndex, arms, restart, restarts, totals, perSecond } = state;
  const bad = (count: number, word: string): string => (count === 0 ? `0 ${word}` : colors.red(`${countText(count)} ${word}`));
  const left = leftMs(state, atMs);
  return [
    `${arms > 1 ? colors.dim(`[${armIndex + 1}/${arms}] `) : ''}${colors.bold(arm)}`,
    restart < 0 ? 'starting' : `restart ${restart + 1} of ${restarts}`,
    `${countText(Math.max(0, Math.round(perSecond)))} answers/s`,
    bad(totals.lost, 'lost'),
    ...(totals.raced > 0 ? [bad(totals.raced, 'raced')] : []),
    ...(totals.other > 0 ? [bad(totals.other, 'other')] : []),
    ...(left === undefined ? [] : [colors.dim(`about ${durationText(left)} left${arms > 1 ? ' in this arm' : ''}`)]),
  ].join('  ');
}

/** Time that the restarts to come will take if they go like those before; undefined before the second. */
function leftMs({ restart, restarts, firstRestartMs }: State, atMs: number): number | undefined {
  if (restart < 1) return undefined;
  return Math.round((((atMs - firstRestartMs) / restart) * (restarts - restart)) / 1000) * 1000;
}

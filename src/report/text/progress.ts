/**
 * Live progress: one line that is rewritten on a terminal, a quiet line every few seconds elsewhere.
 *
 * Rule: it holds no timer, so that it never keeps a process alive; it prints only when it is called. A rate is that
 * of a second or more, since answers come in batches; the time left only ever shrinks.
 */
import { createLogUpdate } from 'log-update';
import picocolors from 'picocolors';
import { oneLine } from './terminal.ts';
import { countText, durationText } from '../view/words.ts';

/** Totals of the session so far. */
export interface Totals {
  answered: number;
  lost: number;
  raced: number;
  other: number;
}

export interface Progress {
  /** So many restarts are to come, in all arms together. */
  plan(restarts: number): void;
  /** A session of an arm begins; `index` from 0, of all sessions. */
  arm(name: string, index: number, total: number): void;
  /** A restart begins; `n` from 0, of all restarts of the arm. */
  restart(n: number, total: number): void;
  tick(totals: Totals): void;
  /** One line that stays. */
  say(text: string): void;
  /** Leaves the last state where it stands. May be called more than once. */
  stop(): void;
}

/** What is needed of a stream such as process.stderr; a user of the library needs no types of Node for it. */
export interface ProgressStream {
  isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressOptions {
  stream: ProgressStream;
  quiet?: boolean;
  color?: boolean;
  isTTY?: boolean;
  /** ms; any origin. */
  now?: () => number;
}

/** Answers are reported in batches: a rate over less than this is that of a batch. */
const RATE_OVER_MS = 1000;
const REPAINT_MS = 100;
const LINE_EVERY_MS = 5000;

/** Opens a display on a stream. */
export function openProgress(options: ProgressOptions): Progress {
  const {
    stream,
    quiet = false,
    isTTY = stream.isTTY === true,
    color = isTTY,
    now = () => performance.now(),
  } = options;
  if (quiet) return { plan() {}, arm() {}, restart() {}, tick() {}, say() {}, stop() {} };
  const colors = picocolors.createColors(color);
  const live = isTTY ? createLogUpdate(stream as NodeJS.WritableStream, { showCursor: true }) : undefined;
  const state: State = {
    planned: 0,
    begun: 0,
    firstRestartMs: now(),
    restartMs: now(),
    before: new Map(),
    saidLeftMs: Infinity,
    ...startOfSession(now()),
  };
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
    plan(restarts) {
      state.planned = restarts;
    },
    arm(name, index, total) {
      state.before.set(state.arm, armTotals(state));
      Object.assign(state, { ...startOfSession(now()), arm: oneLine(name), session: index, sessions: total });
      show(true);
    },
    restart(n, total) {
      if (state.begun === 0) state.firstRestartMs = now();
      Object.assign(state, { restart: n, restarts: total, begun: state.begun + 1, restartMs: now() });
      show(live !== undefined);
    },
    tick(totals) {
      const atMs = now();
      state.looks.push({ atMs, answered: totals.answered });
      // The latest look that is old enough, and those after it.
      while (atMs - (state.looks[1]?.atMs ?? atMs) >= RATE_OVER_MS) state.looks.shift();
      state.totals = totals;
      show(false);
    },
    say(text) {
      live?.clear();
      stream.write(`${oneLine(text)}\n`);
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
  /** Restarts in all arms, how many of them have begun, and when the first and the latest did. */
  planned: number;
  begun: number;
  firstRestartMs: number;
  restartMs: number;
  /** Totals of the sessions that are over, by arm. */
  before: Map<string, Totals>;
  arm: string;
  session: number;
  sessions: number;
  /** From 0; -1 before the first of the session. */
  restart: number;
  restarts: number;
  /** Answers of the session so far at some moments of the last second or two, the earliest first. */
  looks: { atMs: number; answered: number }[];
  /** Of the session. */
  totals: Totals;
  /** The time left as it was said last. */
  saidLeftMs: number;
}

const NONE: Totals = { answered: 0, lost: 0, raced: 0, other: 0 };

function startOfSession(
  atMs: number,
): Pick<State, 'arm' | 'session' | 'sessions' | 'restart' | 'restarts' | 'looks' | 'totals'> {
  const looks = [{ atMs, answered: 0 }];
  return { arm: '', session: 0, sessions: 1, restart: -1, restarts: 0, looks, totals: NONE };
}

/** Undefined as long as it would be that of a moment. */
function ratePerSecond({ looks }: State): number | undefined {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.atMs - first.atMs < RATE_OVER_MS) return undefined;
  return ((last.answered - first.answered) * 1000) / (last.atMs - first.atMs);
}

/** What is being done, by name. */
function phaseOf({ restart, restarts, totals }: State): string {
  if (restart >= 0) return `restart ${restart + 1} of ${restarts}`;
  return totals.answered === 0 ? 'starting' : 'quiet time before the first restart';
}

/** What the arm's sessions have met so far. */
function armTotals({ arm, before, totals }: State): Totals {
  const { answered, lost, raced, other } = before.get(arm) ?? NONE;
  return {
    answered: answered + totals.answered,
    lost: lost + totals.lost,
    raced: raced + totals.raced,
    other: other + totals.other,
  };
}

function lineOf(state: State, atMs: number, colors: ReturnType<typeof picocolors.createColors>): string {
  const { arm, session, sessions } = state;
  const perSecond = ratePerSecond(state);
  const { lost, raced, other } = armTotals(state);
  const bad = (count: number, word: string): string =>
    count === 0 ? `0 ${word}` : colors.red(`${countText(count)} ${word}`);
  const left = leftMs(state, atMs);
  return [
    `${sessions > 1 ? colors.dim(`turn ${session + 1} of ${sessions}: `) : ''}${colors.bold(arm)}`,
    phaseOf(state),
    ...(perSecond === undefined ? [] : [`${countText(Math.max(0, Math.round(perSecond)))} answers/s`]),
    bad(lost, 'lost'),
    ...(raced > 0 ? [bad(raced, 'raced')] : []),
    ...(other > 0 ? [bad(other, 'rejected, failed or unsent')] : []),
    ...(left === undefined ? [] : [colors.dim(left === 0 ? 'nearly done' : `about ${durationText(left)} left`)]),
  ].join('  ');
}

/**
 * Time that the restarts to come will take if they go like those before, never more than was said before; undefined
 * before the second, or when it is not known how many come.
 */
function leftMs(state: State, atMs: number): number | undefined {
  const { planned, begun, firstRestartMs, restartMs } = state;
  if (begun < 2 || planned < begun) return undefined;
  const oneMs = (restartMs - firstRestartMs) / (begun - 1);
  const guessMs = Math.max(0, oneMs * (planned - begun + 1) - (atMs - restartMs));
  state.saidLeftMs = Math.min(guessMs, state.saidLeftMs);
  return Math.round(state.saidLeftMs / 1000) * 1000;
}

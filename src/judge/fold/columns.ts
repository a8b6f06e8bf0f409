/**
 * The arrivals of one stream in columns, indexed by seq.
 *
 * Rule: 27 bytes an arrival, whatever order they come in. An arrival that was entered twice is counted twice, so that
 * the ledger sees it. A number far beyond all others comes from a damaged log, and would take all memory.
 */
import type { Story } from '../../model/event.ts';
import { OUTCOMES, type Outcome } from '../../model/outcome.ts';

/** Columns of one length. Microseconds; -1 stands for a moment that was never reached, or for none. */
export interface Arrivals {
  /** Highest seq that was entered, plus one. */
  length: number;
  /** How often this seq was entered: 1 in a sound log, 0 for one that is missing (its other columns mean nothing). */
  timesSeen: Uint8Array;
  /** Index into OUTCOMES. */
  outcome: Uint8Array;
  /** Sent - due: the harness's own lateness. */
  lateUs: Int32Array;
  /** Written - sent: time until there was a connection. */
  waitUs: Int32Array;
  /** First byte - due. */
  firstByteUs: Int32Array;
  /** End - due, also of arrivals that were not answered. */
  latencyUs: Int32Array;
  connection: Int32Array;
  /** Index of the identity that answered. */
  identity: Int32Array;
  /** Repeats made by client.retry. */
  retries: Uint8Array;
}

/** One arrival as it is entered, in the units of the columns. */
export interface Arrival {
  outcome: Outcome;
  lateUs: number;
  waitUs: number;
  firstByteUs: number;
  latencyUs: number;
  connection: number;
  identity: number;
  retries: number;
}

const FIRST_CAPACITY = 1024;
const MOST_TIMES = 255;
const MOST_AHEAD = 4_000_000;

function emptyArrivals(capacity: number): Arrivals {
  return {
    length: 0,
    timesSeen: new Uint8Array(capacity),
    outcome: new Uint8Array(capacity),
    lateUs: new Int32Array(capacity),
    waitUs: new Int32Array(capacity),
    firstByteUs: new Int32Array(capacity),
    latencyUs: new Int32Array(capacity),
    connection: new Int32Array(capacity),
    identity: new Int32Array(capacity),
    retries: new Uint8Array(capacity),
  };
}

/** Columns that grow as arrivals are entered. */
export class GrowingArrivals {
  #columns = emptyArrivals(FIRST_CAPACITY);
  #entered = 0;

  /** Enters one arrival. Throws when seq is not a whole number from 0. */
  enter(seq: number, arrival: Arrival): void {
    if (!Number.isInteger(seq) || seq < 0) throw new Error(`an arrival cannot have the number ${seq}`);
    if (seq > MOST_AHEAD + 4 * this.#entered) {
      throw new Error(`an arrival has the number ${seq} after ${this.#entered} arrivals`);
    }
    this.#entered += 1;
    if (seq >= this.#columns.timesSeen.length) this.#grow(seq + 1);
    const columns = this.#columns;
    columns.length = Math.max(columns.length, seq + 1);
    columns.timesSeen[seq] = Math.min(MOST_TIMES, (columns.timesSeen[seq] ?? 0) + 1);
    columns.outcome[seq] = OUTCOMES.indexOf(arrival.outcome);
    columns.lateUs[seq] = Math.round(arrival.lateUs);
    columns.waitUs[seq] = Math.round(arrival.waitUs);
    columns.firstByteUs[seq] = Math.round(arrival.firstByteUs);
    columns.latencyUs[seq] = Math.round(arrival.latencyUs);
    columns.connection[seq] = arrival.connection;
    columns.identity[seq] = arrival.identity;
    columns.retries[seq] = arrival.retries;
  }

  /** The columns, cut to their length. */
  finished(): Arrivals {
    const { length, ...columns } = this.#columns;
    return {
      length,
      timesSeen: columns.timesSeen.subarray(0, length),
      outcome: columns.outcome.subarray(0, length),
      lateUs: columns.lateUs.subarray(0, length),
      waitUs: columns.waitUs.subarray(0, length),
      firstByteUs: columns.firstByteUs.subarray(0, length),
      latencyUs: columns.latencyUs.subarray(0, length),
      connection: columns.connection.subarray(0, length),
      identity: columns.identity.subarray(0, length),
      retries: columns.retries.subarray(0, length),
    };
  }

  #grow(length: number): void {
    const old = this.#columns;
    const larger = emptyArrivals(Math.max(length, Math.ceil(old.timesSeen.length * 1.5)));
    larger.length = old.length;
    larger.timesSeen.set(old.timesSeen);
    larger.outcome.set(old.outcome);
    larger.lateUs.set(old.lateUs);
    larger.waitUs.set(old.waitUs);
    larger.firstByteUs.set(old.firstByteUs);
    larger.latencyUs.set(old.latencyUs);
    larger.connection.set(old.connection);
    larger.identity.set(old.identity);
    larger.retries.set(old.retries);
    this.#columns = larger;
  }
}

/** The outcome of an arrival; undefined when the log does not have it. */
export function outcomeAt(arrivals: Arrivals, seq: number): Outcome | undefined {
  return arrivals.timesSeen[seq] === 0 ? undefined : OUTCOMES[arrivals.outcome[seq] as number];
}

/** An arrival that was not answered, from its story. */
export function arrivalOf(outcome: Outcome, story: Story): Arrival {
  const { dueMs, sentMs, writtenMs, firstByteMs, endMs } = story;
  return {
    outcome,
    lateUs: ((sentMs ?? dueMs) - dueMs) * 1000,
    waitUs: writtenMs === undefined || sentMs === undefined ? -1 : (writtenMs - sentMs) * 1000,
    firstByteUs: firstByteMs === undefined ? -1 : (firstByteMs - dueMs) * 1000,
    latencyUs: (endMs - dueMs) * 1000,
    connection: story.connection,
    identity: story.identity ?? -1,
    retries: story.retries ?? 0,
  };
}

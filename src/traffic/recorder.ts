/**
 * What the agent knows, as events of the log: answered arrivals in columns, all others with their story.
 *
 * Rule: the hot path pushes numbers. JSON is made once a batch, and a failure is told at once. Events leave without
 * `session`: an agent does not know which session of a run it serves, its owner does.
 */
import type { EventOf, Story } from '../model/event.ts';
import { isLost, type Outcome } from '../model/outcome.ts';
import type { Observation } from './client.ts';

/** The events that an agent tells, before its owner has added the session. */
export type AgentEvent = {
  [K in 'answered' | 'failure' | 'sentinel' | 'identity' | 'traffic-end' | 'harness']: Omit<EventOf<K>, 'session'>;
}['answered' | 'failure' | 'sentinel' | 'identity' | 'traffic-end' | 'harness'];

/** Totals for live progress. */
export interface Totals {
  answered: number;
  lost: number;
  raced: number;
  other: number;
}

/** Takes the outcomes of one stream. */
export interface StreamRecorder {
  answered(seq: number, observation: Observation, retries: number): void;
  failed(seq: number, outcome: Outcome, story: Story): void;
}

export interface Recorder {
  readonly totals: Totals;
  stream(name: string): StreamRecorder;
  /** Index of an identity, told to the log when it is met for the first time. */
  identityIndex(value: string): number;
  /** Tells everything that is held back. */
  flush(): void;
}

const MOST_ROWS = 500;

type Batch = Omit<EventOf<'answered'>, 'session'>;

function emptyBatch(stream: string, identities: boolean): Batch {
  const batch: Batch = {
    kind: 'answered',
    stream,
    seq: [],
    lateUs: [],
    waitUs: [],
    firstByteUs: [],
    latencyUs: [],
    connection: [],
  };
  if (identities) batch.identity = [];
  return batch;
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000);
}

/** Opens a recorder. `identities`: answers are asked for their instance. The caller flushes a few times a second. */
export function openRecorder(emit: (event: AgentEvent) => void, identities: boolean): Recorder {
  const totals: Totals = { answered: 0, lost: 0, raced: 0, other: 0 };
  const indexOf = new Map<string, number>();
  const flushes: (() => void)[] = [];

  function identityIndex(value: string): number {
    let index = indexOf.get(value);
    if (index === undefined) {
      index = indexOf.size;
      indexOf.set(value, index);
      emit({ kind: 'identity', index, value });
    }
    return index;
  }

  function stream(name: string): StreamRecorder {
    let batch = emptyBatch(name, identities);
    const flush = (): void => {
      if (batch.seq.length === 0) return;
      const full = batch;
      batch = emptyBatch(name, identities);
      emit(full);
    };
    flushes.push(flush);
    return {
      answered(seq, seen, retries) {
        const sentMs = seen.sentMs;
        const writtenMs = seen.writtenMs ?? sentMs;
        if (batch.identity !== undefined) {
          batch.identity.push(seen.identity === undefined ? -1 : identityIndex(seen.identity));
        }
        if (retries > 0) batch.retries ??= batch.seq.map(() => 0);
        batch.retries?.push(retries);
        batch.seq.push(seq);
        batch.lateUs.push(microseconds(sentMs - seen.dueMs));
        batch.waitUs.push(microseconds(writtenMs - sentMs));
        batch.firstByteUs.push(microseconds((seen.firstByteMs ?? seen.endMs) - seen.dueMs));
        batch.latencyUs.push(microseconds(seen.endMs - seen.dueMs));
        batch.connection.push(seen.connection);
        totals.answered += 1;
        if (batch.seq.length >= MOST_ROWS) flush();
      },
      failed(seq, outcome, story) {
        if (isLost(outcome)) totals.lost += 1;
        else if (outcome === 'raced') totals.raced += 1;
        else totals.other += 1;
        emit({ kind: 'failure', stream: name, seq, outcome, story });
      },
    };
  }

  return {
    totals,
    stream,
    identityIndex,
    flush() {
      for (const flush of flushes) flush();
    },
  };
}

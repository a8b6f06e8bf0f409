/**
 * Writes the log of a run: one event a line, gzipped.
 *
 * Rule: the log is the only thing that crosses from doing to judging, and no secret crosses with it: what came from a
 * target or a scenario is masked here. What was written up to a second before a crash can be read
 * afterwards.
 */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { cannotWrite } from '../errors.ts';
import type { Event } from '../model/event.ts';
import { sealing } from './seal.ts';
import type { Mask } from '../model/secrets/mask.ts';

export interface LogWriter {
  /** Never throws; a disk that is full shows in `failed` and at `close`. */
  write(event: Event): void;
  /** Aborts when the log can no longer be written. */
  readonly failed: AbortSignal;
  /** Resolves when everything is on disk. Rejects with ZerodropError `cannot-write`. */
  close(): Promise<void>;
}

/** Fields that hold words of ours or names of the scenario, by which events are told apart; the scenario is masked. */
const OURS =
  /^(?:kind|schema|zerodrop|scenario|startedAt|arms?|streams?|name|sentinel|outcome|state|moment|connection|ending|deadline|by|signal|when|code|control|key)$/;

const FLUSH_EVERY_MS = 1000;

/** Opens a new log at `path`. */
export function openLog(path: string, mask: Mask): LogWriter {
  const gzip = createGzip({ level: 6 });
  const failure = new AbortController();
  const finished = pipeline(gzip, createWriteStream(path, { mode: 0o600 })).catch((error: unknown) => {
    failure.abort(cannotWrite(path, error));
  });
  const sealed = sealing();
  const put = (event: Event): void => {
    const line = JSON.stringify(event);
    sealed.add(line);
    gzip.write(`${line}\n`);
  };
  const flush = (): void => gzip.flush(constants.Z_SYNC_FLUSH);
  const clock = setInterval(flush, FLUSH_EVERY_MS).unref();
  return {
    failed: failure.signal,
    write(event) {
      if (failure.signal.aborted || gzip.writableEnded) return;
      if (event.kind === 'end') put({ ...event, seal: sealed.seal() });
      // Answers are numbers only, and by far the most.
      else put(event.kind === 'answered' ? event : mask.value(event, (field) => OURS.test(field)));
      // The head makes it a log, and a restart that is over is worth keeping even if this process dies right now.
      if (event.kind === 'run' || (event.kind === 'restart' && event.moment === 'settled')) flush();
    },
    async close() {
      clearInterval(clock);
      gzip.end();
      await finished;
      failure.signal.throwIfAborted();
    },
  };
}

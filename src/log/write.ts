/**
 * Writes the log of a run: one event a line, gzipped.
 *
 * Rule: the log is the only thing that crosses from doing to judging, and what was written before a crash can be read
 * afterwards.
 */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { cannotWrite } from '../errors.ts';
import type { Event } from '../model/event.ts';

export interface LogWriter {
  /** Never throws; a disk that is full shows in `failed` and at `close`. */
  write(event: Event): void;
  /** Aborts when the log can no longer be written. */
  readonly failed: AbortSignal;
  /** Resolves when everything is on disk. Rejects with ZerodropError `cannot-write`. */
  close(): Promise<void>;
}

/** Opens a new log at `path`. */
export function openLog(path: string): LogWriter {
  const gzip = createGzip({ level: 6 });
  const failure = new AbortController();
  const written = pipeline(gzip, createWriteStream(path)).catch((error: unknown) => {
    failure.abort(cannotWrite(path, error));
  });
  return {
    failed: failure.signal,
    write(event) {
      if (failure.signal.aborted || gzip.writableEnded) return;
      gzip.write(`${JSON.stringify(event)}\n`);
      // A restart that is over is worth keeping even if this process does not live to close the file.
      if (event.kind === 'restart' && event.moment === 'settled') gzip.flush(constants.Z_SYNC_FLUSH);
    },
    async close() {
      gzip.end();
      await written;
      failure.signal.throwIfAborted();
    },
  };
}

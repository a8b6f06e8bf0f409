/**
 * Reads the log of a saved run, event by event.
 *
 * Rule: nothing is trusted until the schema and the seal have checked it; a log that ends in mid-line (a crash) is
 * read up
 * to there.
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { ZerodropError } from '../errors.ts';
import { Event, LOG_SCHEMA } from '../model/event.ts';
import { sealing } from './seal.ts';

/**
 * The events of the log at `path`, in the order in which they were written.
 * Throws ZerodropError: `run-not-found`, `other-schema` (made by another version), `damaged-run`.
 */
export async function* readLog(path: string): AsyncGenerator<Event> {
  let number = 0;
  let isOver = false;
  const seen = sealing();
  for await (const line of linesOf(path)) {
    number += 1;
    const parsed = jsonOf(line);
    if (parsed === undefined) throw damaged(path, `line ${number} is not JSON`);
    if (number === 1) checkSchema(path, parsed);
    const event = Event.safeParse(parsed);
    if (!event.success) {
      throw damaged(
        path,
        `line ${number}: ${event.error.issues[0]?.path.join('.')}: ${event.error.issues[0]?.message}`,
      );
    }
    if (isOver) throw damaged(path, `line ${number} comes after the end`);
    if (event.data.kind === 'end') {
      isOver = true;
      const { lines, sha256 } = seen.seal();
      const { seal } = event.data;
      if (seal !== undefined && (seal.lines !== lines || seal.sha256 !== sha256)) {
        throw damaged(path, 'it was changed after it was written');
      }
    }
    seen.add(line);
    yield event.data;
  }
  if (number === 0) throw damaged(path, 'it is empty');
}

/** The complete lines of a gzipped file; one that ends early, as after a crash, gives the lines before its end. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  let rest = '';
  try {
    for await (const chunk of file.pipe(gunzip).setEncoding('utf8')) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop() as string;
      yield* lines;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') return;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ZerodropError(
        'run-not-found',
        `there is no log at ${path}`,
        'Name the folder of a run, such as reports/<scenario>/<run id>.',
      );
    }
    if (code?.startsWith('Z_')) throw damaged(path, (error as Error).message);
    throw error;
  } finally {
    file.destroy();
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function checkSchema(path: string, first: unknown): void {
  const schema = typeof first === 'object' && first !== null && 'schema' in first ? first.schema : undefined;
  if (schema === LOG_SCHEMA) return;
  throw new ZerodropError(
    'other-schema',
    `${path} has the format ${JSON.stringify(schema)}, this version reads ${LOG_SCHEMA}`,
    'Judge it with the version of zerodrop that made it, or run the scenario again.',
  );
}

/** What cannot be read in a log, as an error. */
export function damaged(path: string, what: string): ZerodropError {
  return new ZerodropError('damaged-run', `the log ${path} cannot be read: ${what}`, 'Run the scenario again.');
}

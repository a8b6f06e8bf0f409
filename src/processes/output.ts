/**
 * The last lines that a process wrote, kept for when it fails.
 *
 * Rule: bounded in number and length, whatever the process writes.
 */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const MOST_LINES = 50;
const LONGEST_LINE = 500;

export interface LastLines {
  /** The last lines, oldest first. */
  lines: () => string[];
}

/** Reads streams to their end and keeps their last lines, in the order in which they came. */
export function keepLastLines(streams: readonly (Readable | null)[]): LastLines {
  const kept: string[] = [];
  const keep = (line: string): void => {
    kept.push(line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}...` : line);
    if (kept.length > MOST_LINES) kept.shift();
  };
  const rests = streams.map((stream) => {
    const decoder = new StringDecoder('utf8');
    const rest = { text: '' };
    stream?.on('data', (chunk: Buffer) => {
      const lines = (rest.text + decoder.write(chunk).replaceAll('\t', '  ')).split(/\r?\n/);
      rest.text = (lines.pop() as string).slice(0, LONGEST_LINE + 1);
      lines.forEach(keep);
    });
    // The reader's end of a pipe may break when its writer is killed; there is nothing left to read then.
    stream?.on('error', () => undefined);
    return rest;
  });
  return { lines: () => [...kept, ...rests.map(({ text }) => text).filter((text) => text !== '')].slice(-MOST_LINES) };
}

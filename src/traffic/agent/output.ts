/**
 * The agent's messages to its owner, as NDJSON.
 *
 * Rule: sending never waits. What the owner has not read yet is kept in memory, up to a limit; an owner that reads
 * nothing any more is as good as gone, and then the agent ends.
 */
import type { Writable } from 'node:stream';
import type { FromAgent } from '../../model/plan.ts';

const MOST_UNREAD_BYTES = 256 * 1024 * 1024;

/** A function that sends messages. `overflow` is called when the owner has stopped reading. */
export function openOutput(stream: Writable, overflow: () => void): (message: FromAgent) => void {
  return (message) => {
    stream.write(`${JSON.stringify(message)}\n`);
    if (stream.writableLength > MOST_UNREAD_BYTES) overflow();
  };
}

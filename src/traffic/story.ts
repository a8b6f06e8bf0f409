/**
 * The story of a request out of what its client observed.
 *
 * Rule: nothing is added that was not seen; moments are kept to the microsecond, which is more than the clock is good
 * for.
 */
import type { Story } from '../model/event.ts';
import type { Observation } from './client.ts';

const MOMENTS = [
  'sentMs',
  'connectMs',
  'connectedMs',
  'securedMs',
  'writtenMs',
  'firstByteMs',
  'ageMs',
  'idleMs',
  'rttMs',
] as const;
const COUNTS = ['uses', 'bytesWritten', 'bytesRead', 'localPort', 'status'] as const;

function toMicrosecond(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/**
 * The story of an observation. `identity` is the index of the one that answered, `note` says what was wrong, in words.
 */
export function storyOf(seen: Observation, retries: number, identity?: number, note?: string): Story {
  const story: Story = {
    dueMs: toMicrosecond(seen.dueMs),
    endMs: toMicrosecond(seen.endMs),
    connection: seen.connection,
    ending: seen.ending,
  };
  for (const name of MOMENTS) {
    const ms = seen[name];
    if (ms !== undefined) story[name] = toMicrosecond(ms);
  }
  for (const name of COUNTS) {
    const count = seen[name];
    if (count !== undefined) story[name] = count;
  }
  if (seen.errno !== undefined) story.errno = seen.errno;
  if (seen.during !== undefined) story.during = seen.during;
  if (seen.closeNotify !== undefined) story.closeNotify = seen.closeNotify;
  const stream = streamOf(seen);
  if (stream !== undefined) story.stream = stream;
  if (seen.deadline !== undefined) story.deadline = seen.deadline;
  if (identity !== undefined) story.identity = identity;
  if (retries > 0) story.retries = retries;
  if (note !== undefined) story.note = note;
  return story;
}

/** HTTP/2: what the server said of the stream, where no whole answer came. */
function streamOf({ complete, unprocessed, streamError, goaway }: Observation): Story['stream'] {
  if (complete) return undefined;
  if (unprocessed !== undefined) return 'unprocessed';
  if (streamError !== undefined) return 'reset';
  return goaway === undefined ? undefined : 'left';
}

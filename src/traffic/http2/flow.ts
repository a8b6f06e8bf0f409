/**
 * Flow control: what the peer lets us send (its windows, its longest frame, its streams), and what we let it send.
 *
 * Rule: a body goes out as far as both windows reach, and the rest as soon as they are opened (RFC 9113 5.2).
 */
import { FLAG, FRAME, frame, LONGEST_FRAME, SETTING } from './frames.ts';
import { reopening } from './hello.ts';
import type { Stream } from './stream.ts';

const DEFAULT_WINDOW = 65_535;

/** When so much of our own window for the connection is used, it is opened again. */
const REOPEN_BYTES = 2 ** 28;

/** What we let the peer send: as much as it likes. */
export class ReceiveFlow {
  #usedBytes = 0;

  /** Takes the length of what came; returns what is to be said so that more may come. */
  take(bytes: number): Buffer | undefined {
    this.#usedBytes += bytes;
    if (this.#usedBytes < REOPEN_BYTES) return undefined;
    const more = reopening(this.#usedBytes);
    this.#usedBytes = 0;
    return more;
  }
}

export class SendFlow {
  /** The window with which a stream begins. */
  streamWindow = DEFAULT_WINDOW;
  /** Streams that may be open at once. */
  mostStreams = Infinity;
  #window = DEFAULT_WINDOW;
  #longestFrame = LONGEST_FRAME;

  /** The peer changed a setting. */
  set(name: number, value: number, streams: Iterable<Stream>): void {
    if (name === SETTING.MAX_STREAMS) this.mostStreams = value;
    if (name === SETTING.MAX_FRAME) this.#longestFrame = value;
    if (name !== SETTING.INITIAL_WINDOW) return;
    for (const stream of streams) stream.window += value - this.streamWindow;
    this.streamWindow = value;
  }

  /** The peer opened the window of the connection. */
  open(more: number): void {
    this.#window += more;
  }

  /** As much of a request's body as may be sent now. */
  framesOf(stream: Stream): Buffer[] {
    const frames: Buffer[] = [];
    while (stream.unsent.length > 0) {
      const length = Math.min(stream.unsent.length, stream.window, this.#window, this.#longestFrame);
      if (length <= 0) break;
      const isLast = length === stream.unsent.length;
      frames.push(frame(FRAME.DATA, isLast ? FLAG.END_STREAM : 0, stream.id, stream.unsent.subarray(0, length)));
      stream.unsent = stream.unsent.subarray(length);
      stream.window -= length;
      this.#window -= length;
    }
    return frames;
  }
}

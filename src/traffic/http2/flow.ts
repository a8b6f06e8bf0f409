/**
 * What the peer lets us send: its windows, for the connection and each stream, and its longest frame.
 *
 * Rule: a body goes out as far as both windows reach, and the rest as soon as they are opened (RFC 9113 5.2).
 */
import { FLAG, FRAME, frame, LONGEST_FRAME, SETTING } from './frames.ts';
import type { Stream } from './stream.ts';

const DEFAULT_WINDOW = 65_535;

export class SendFlow {
  /** The window with which a stream begins. */
  streamWindow = DEFAULT_WINDOW;
  #window = DEFAULT_WINDOW;
  #longestFrame = LONGEST_FRAME;

  /** The peer changed a setting. */
  set(name: number, value: number, streams: Iterable<Stream>): void {
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

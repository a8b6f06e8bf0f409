/**
 * A connection that is opened anew when the server has ended the last one.
 *
 * Rule: one line at a time; it is opened when it is asked for, never on its own.
 */
import type { Line } from './line.ts';
import type { Post } from './sentinel.ts';

export interface SteadyLine {
  /** Whether the line that is open now may carry another request. */
  readonly usable: boolean;
  /** The line, opened anew when the last one can carry no more. Whether it could be opened shows in `usable`. */
  get(): Promise<Line>;
}

/** A steady line from a post. */
export function steadyLine(post: Post): SteadyLine {
  let line: Line | undefined;
  return {
    get usable() {
      return line?.usable === true;
    },
    async get() {
      if (line?.usable !== true) {
        line?.destroy();
        line = post.line();
        await line.opened;
      }
      return line;
    },
  };
}

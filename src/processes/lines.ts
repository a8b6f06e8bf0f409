/**
 * Lines out of a stream of text, for the NDJSON that passes between two processes of ours.
 *
 * Rule: a line is whole, wherever the chunks were cut; a long line costs no more than its length.
 */

/** Takes chunks of text and calls `onLine` once for each line that has ended, without its line feed. */
export function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let begun: string[] = [];
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      begun.push(chunk.slice(from, end));
      const line = begun.join('');
      begun = [];
      from = end + 1;
      if (line !== '') onLine(line);
    }
    if (from < chunk.length) begun.push(chunk.slice(from));
  };
}

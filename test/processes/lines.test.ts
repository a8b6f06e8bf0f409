import { describe, expect, it } from 'vitest';
import { lineSplitter } from '../../src/processes/lines.ts';

describe('lines', () => {
  it('are the same wherever the chunks were cut', () => {
    const text = 'one\ntwo with words\n\nthree\nunfinished';
    for (let size = 1; size <= text.length; size += 1) {
      const lines: string[] = [];
      const split = lineSplitter((line) => lines.push(line));
      for (let at = 0; at < text.length; at += size) split(text.slice(at, at + size));
      expect(lines).toEqual(['one', 'two with words', 'three']);
    }
  });

  it('may be long', () => {
    let length = 0;
    const split = lineSplitter((line) => (length = line.length));
    const chunk = 'x'.repeat(1000);
    for (let chunks = 0; chunks < 20_000; chunks += 1) split(chunk);
    split('\n');
    expect(length).toBe(20_000_000);
  });
});

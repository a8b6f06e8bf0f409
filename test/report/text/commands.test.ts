import { describe, expect, it } from 'vitest';
import { oneLine } from '../../../src/report/text/terminal.ts';

describe('commands of CI systems in a line from a target', () => {
  it.each([
    '::error::x',
    'it wrote: ::set-output name=a::b',
    'a ::add-mask::b and ::error file=a.js,line=1::c',
    '  ::anything::x',
    'it wrote ##vso[task.setvariable variable=a]b',
    'it wrote ##[error]b',
  ])('are written out: %s', (line) => {
    expect(oneLine(line)).not.toMatch(/::(?:error|set-output|add-mask|anything)|##(?:vso)?\[/);
  });

  it('and what is none stays as it is', () => {
    for (const line of ['std::io::Error', 'listening on [::1]:80', '## heading']) expect(oneLine(line)).toBe(line);
  });
});

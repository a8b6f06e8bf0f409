/** A target that listens, but elsewhere: the next step names what it opened. */
import { expect, it } from 'vitest';
import { elsewhereHint } from '../../src/targets/process/elsewhere.ts';

const ORIGIN = 'http://127.0.0.1:29040';
const at = (host: string, port: number) => ({ host, port, inode: '1' });

it('names the address when it is another one of the same port', () => {
  expect(elsewhereHint([at('[::1]', 29040)], ORIGIN)).toBe(
    'It listens at [::1]:29040 only, not at 127.0.0.1: write `url: http://[::1]:${PORT}`, or let it listen on ' +
      '127.0.0.1.',
  );
});

it('names the port when it is another one', () => {
  expect(elsewhereHint([at('127.0.0.1', 8080)], ORIGIN)).toMatch(
    /^It listens on port 8080, not on \$\{PORT\} \(29040\)/,
  );
});

it('says nothing where it is there, or has opened none', () => {
  expect(elsewhereHint([at('127.0.0.1', 8080), at('127.0.0.1', 29040)], ORIGIN)).toBeUndefined();
  expect(elsewhereHint([], ORIGIN)).toBeUndefined();
});

/** A body against what was expected of it, in pieces of every size. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../src/model/request.ts';
import { BodyCheck } from '../../src/traffic/body.ts';

/** What is wrong with the body, and whether it is merely short; the same for every cut. */
function verdict(expectation: Expectation, body: string): { problem: string | undefined; short: boolean } {
  const bytes = Buffer.from(body);
  const check = new BodyCheck(expectation);
  const seen = Array.from({ length: bytes.length + 1 }, (_, cut) => {
    check.begin();
    check.take(bytes, 0, cut);
    check.take(bytes, cut, bytes.length);
    return { problem: check.problem(), short: check.isShort() };
  });
  for (const other of seen) expect(other).toEqual(seen[0]);
  return seen[0] as { problem: string | undefined; short: boolean };
}

const good = { problem: undefined, short: false };

describe('BodyCheck', () => {
  it('takes any body when nothing is expected', () => {
    expect(verdict({}, '')).toEqual(good);
    expect(verdict({}, 'anything')).toEqual(good);
  });

  it('holds a whole body against every byte', () => {
    const expectation = { body: 'grüße!' };
    expect(verdict(expectation, 'grüße!')).toEqual(good);
    expect(verdict(expectation, '')).toEqual({ problem: 'body: 0 of 8 bytes', short: true });
    expect(verdict(expectation, 'grü')).toEqual({ problem: 'body: 4 of 8 bytes', short: true });
    expect(verdict(expectation, 'sorry')).toEqual({
      problem: 'body: differs from the expected one at byte 0',
      short: false,
    });
    expect(verdict(expectation, 'grüße?')).toEqual({
      problem: 'body: differs from the expected one at byte 7',
      short: false,
    });
    expect(verdict(expectation, 'grüße!!')).toEqual({ problem: 'body: 9 bytes, expected 8', short: false });
  });

  it('finds a part wherever it is, also after a false start', () => {
    const expectation = { body_includes: 'aab' };
    expect(verdict(expectation, 'aab')).toEqual(good);
    expect(verdict(expectation, 'aaaab, and more')).toEqual(good);
    expect(verdict(expectation, 'aacaaxaba')).toEqual({ problem: 'body: does not contain "aab"', short: false });
    expect(verdict(expectation, 'aa')).toEqual({ problem: 'body: does not contain "aab"', short: true });
  });

  it('counts bytes', () => {
    expect(verdict({ body_bytes: 3 }, 'abc')).toEqual(good);
    expect(verdict({ body_bytes: 3 }, 'ab')).toEqual({ problem: 'body: 2 of 3 bytes', short: true });
    expect(verdict({ body_bytes: 3 }, 'abcd')).toEqual({ problem: 'body: 4 bytes, expected 3', short: false });
    expect(verdict({ body_bytes: 0 }, '')).toEqual(good);
  });

  it('checks a SHA-256', () => {
    const body_sha256 = createHash('sha256').update('abc').digest('hex');
    expect(verdict({ body_sha256 }, 'abc')).toEqual(good);
    expect(verdict({ body_sha256 }, 'abd').problem).toMatch(/^body: SHA-256 is [0-9a-f]{64}, expected ba7816bf/);
  });

  it('asks for everything that is expected', () => {
    expect(verdict({ body_bytes: 3, body_includes: 'b' }, 'axc').problem).toBe('body: does not contain "b"');
  });
});

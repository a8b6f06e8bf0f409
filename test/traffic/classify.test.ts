/** Every rule of classification, from observations written by hand. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Expectation } from '../../src/model/request.ts';
import { outcomeOf } from '../../src/traffic/classify.ts';
import type { Observation } from '../../src/traffic/client.ts';

/** A request on a connection of its own that was written and met nothing yet. */
const fresh: Observation = {
  dueMs: 0,
  sentMs: 0,
  connectMs: 0,
  connectedMs: 1,
  writtenMs: 2,
  endMs: 10,
  connection: 0,
  uses: 0,
  bytesWritten: 60,
  bytesRead: 0,
  rttMs: 0.1,
  ending: 'open',
  complete: false,
};
/** The same on a connection that had carried others. */
const reused: Observation = { ...fresh, uses: 3, ageMs: 100, idleMs: 5 };
const unconnected: Observation = {
  dueMs: 0,
  sentMs: 0,
  connectMs: 0,
  endMs: 1,
  connection: 0,
  ending: 'never',
  complete: false,
};

const outcome = (base: Observation, more: Partial<Observation>, expectation: Expectation = {}): Outcome =>
  outcomeOf({ ...base, ...more }, expectation).outcome;

describe('a whole answer', () => {
  const answer = (status: number, expectation: Expectation = {}): unknown =>
    outcomeOf({ ...fresh, complete: true, firstByteMs: 9, bytesRead: 99, status }, expectation);

  it('is answered when the status is as expected: 200 to 399 unless something else is said', () => {
    for (const status of [200, 204, 304, 399]) expect(answer(status)).toEqual({ outcome: 'answered' });
    expect(answer(404, { status: 404 })).toEqual({ outcome: 'answered' });
    expect(answer(503, { status: [200, 503] })).toEqual({ outcome: 'answered' });
  });

  it('is rejected with 503 and 429, failed with any other status', () => {
    expect(answer(503)).toEqual({ outcome: 'rejected', note: 'status 503, expected 200 to 399' });
    expect(answer(429, { status: 200 })).toEqual({ outcome: 'rejected', note: 'status 429, expected 200' });
    expect(answer(500)).toEqual({ outcome: 'failed', note: 'status 500, expected 200 to 399' });
    expect(answer(200, { status: [201, 204] })).toEqual({ outcome: 'failed', note: 'status 200, expected 201 or 204' });
  });

  it('is failed with a wrong body, truncated with one that was cut', () => {
    const wrong = { complete: true, status: 200, bytesRead: 50, bodyProblem: 'body: 5 of 12 bytes' };
    expect(outcomeOf({ ...fresh, ...wrong }, {})).toEqual({ outcome: 'failed', note: 'body: 5 of 12 bytes' });
    expect(outcomeOf({ ...fresh, ...wrong, bodyCut: true, ending: 'fin' }, {})).toEqual({
      outcome: 'truncated',
      note: 'body: 5 of 12 bytes',
    });
    expect(outcome(fresh, { ...wrong, status: 503, bodyCut: true })).toBe('rejected');
  });

  it('is failed when it is not HTTP', () => {
    expect(outcomeOf({ ...fresh, bytesRead: 9, protocolProblem: 'nonsense' }, {})).toEqual({
      outcome: 'failed',
      note: 'nonsense',
    });
    expect(outcomeOf({ ...reused, complete: true, status: 200, protocolProblem: '4 bytes follow' }, {})).toEqual({
      outcome: 'failed',
      note: '4 bytes follow',
    });
  });
});

describe('no connection', () => {
  it('is refused by the target', () => {
    expect(outcome(unconnected, { errno: 'ECONNREFUSED' })).toBe('refused');
    expect(outcome(unconnected, { errno: 'EHOSTUNREACH' })).toBe('refused');
  });

  it.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM', 'EACCES', 'ENETUNREACH', 'POOL', 'ENOTFOUND'])(
    'is unsent with %s: our own fault',
    (errno) => {
      expect(outcome(unconnected, { errno })).toBe('unsent');
    },
  );

  it('is a timeout when nobody accepts', () => {
    expect(outcome(unconnected, { errno: 'ETIMEDOUT' })).toBe('timeout');
    expect(outcomeOf({ ...unconnected, deadline: 'connect' }, {})).toEqual({
      outcome: 'timeout',
      note: 'nothing more came in time while connecting (connect deadline)',
    });
  });

  it('is reset when the connection was reset at once', () => {
    expect(outcome(unconnected, { errno: 'ECONNRESET', ending: 'rst' })).toBe('reset');
  });
});

describe('no whole answer', () => {
  it('is closed by FIN and reset by RST', () => {
    for (const base of [fresh, reused]) {
      expect(outcome(base, { ending: 'fin' })).toBe('closed');
      expect(outcome(base, { ending: 'rst', errno: 'ECONNRESET' })).toBe('reset');
      expect(outcome(base, { ending: 'rst', errno: 'EPIPE' })).toBe('reset');
    }
  });

  it('is truncated by FIN after any byte, and reset by RST whatever came', () => {
    for (const base of [fresh, reused]) {
      expect(outcome(base, { ending: 'fin', bytesRead: 1, firstByteMs: 5 })).toBe('truncated');
      expect(outcome(base, { ending: 'rst', errno: 'ECONNRESET', bytesRead: 1, firstByteMs: 5 })).toBe('reset');
    }
  });

  it('is a timeout by our deadlines and by the kernel, and says where it stuck', () => {
    expect(outcomeOf({ ...reused, deadline: 'head' }, {}).note).toBe(
      'nothing more came in time while waiting for the answer (head deadline)',
    );
    expect(outcomeOf({ ...reused, deadline: 'total', firstByteMs: 5 }, {}).note).toBe(
      'nothing more came in time in mid-answer (total deadline)',
    );
    expect(outcome(fresh, { errno: 'ETIMEDOUT' })).toBe('timeout');
  });
});

describe('the keep-alive race', () => {
  it('is raced with a proof that the server never read the request', () => {
    expect(outcome(reused, { ending: 'fin', unread: true })).toBe('raced');
    expect(outcome(reused, { ending: 'rst', errno: 'EPIPE', unread: true })).toBe('raced');
  });

  it('is never raced on a fresh connection, after a byte of an answer, or by a deadline', () => {
    expect(outcome(fresh, { ending: 'fin', unread: true })).toBe('closed');
    expect(outcome(fresh, { ending: 'rst', errno: 'EPIPE', unread: true })).toBe('reset');
    expect(outcome(reused, { ending: 'fin', unread: true, bytesRead: 1 })).toBe('truncated');
    expect(outcome(reused, { deadline: 'head', unread: true })).toBe('timeout');
  });

  it('is not guessed from how soon the end came', () => {
    expect(outcome(reused, { ending: 'fin', endMs: 2.01, rttMs: 20 })).toBe('closed');
    expect(outcome(reused, { ending: 'rst', errno: 'ECONNRESET', endMs: 2.01, rttMs: 20 })).toBe('reset');
  });
});

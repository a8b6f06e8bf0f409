import { describe, expect, it } from 'vitest';
import type { SetFacts } from '../../../src/model/canary.ts';
import type { Event } from '../../../src/model/event.ts';
import { codesOf, judged } from '../log.ts';

const set = (requests: number, failures: number): SetFacts => ({ requests, failures, latenciesMs: [] });
/** A step of the first restart, which is signalled at 1000 ms and completed at 1300 ms. */
const canary = (fresh: SetFacts, atMs = 1250): Event => ({
  kind: 'canary',
  session: 0,
  restart: 0,
  atMs,
  fresh,
  old: set(810, 0),
  unplaced: 0,
  errorsBelow: 0.05,
});
/** What was said of it while it ran. */
const said: Event = {
  kind: 'fact',
  session: 0,
  restart: 0,
  atMs: 1251,
  code: 'step-failed',
  message: 'It was another rule then.',
  judged: true,
};

describe('a step of a canary in the log', () => {
  it('is judged by what was seen of it, whatever was said while it ran', () => {
    expect(codesOf(judged({ more: [canary(set(90, 0)), said] }))).toEqual([]);
    const failed = judged({ more: [canary(set(90, 27))] });
    expect(codesOf(failed)).toEqual(['step-failed']);
    expect(failed.result.findings[0]).toMatchObject({
      restart: 0,
      message: expect.stringContaining('fails more often than chance explains'),
      hint: expect.stringContaining('the old set serves on'),
    });
    expect(codesOf(judged({ more: [canary(set(10, 0)), said] }))).toEqual(['step-inconclusive']);
  });

  it('is no canary any more when its restart did not wait for it', () => {
    expect(codesOf(judged({ more: [canary(set(90, 27), 1301)] }))).toEqual([]);
  });

  it('leaves other facts as they are', () => {
    const { judged: _, ...own } = said;
    expect(codesOf(judged({ more: [canary(set(90, 0)), own] }))).toEqual(['step-failed']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/model/event.ts';
import { codesOf, judged, story } from '../../log.ts';

const unsentAt =
  (...moments: number[]) =>
  (dueMs: number) =>
    moments.includes(dueMs) ? 'unsent' : 1;

describe('a harness that did not keep its schedule', () => {
  it('makes the run inconclusive when anything was not sent in a restart', () => {
    const { result } = judged({ fate: unsentAt(1100) });
    expect(result.verdict).toBe('inconclusive');
    expect(result.findings).toMatchObject([
      {
        code: 'harness-late',
        restart: 0,
        message: 'zerodrop could not keep its own schedule: 1 request of 500 was not sent, 1 of them in restarts.',
      },
    ]);
    expect(result.harness.unsent).toBe(1);
    expect(result.arms[0]?.requests.lost).toBe(0);
  });

  it('is forgiven one arrival in a thousand in quiet time', () => {
    const streams = [{ ratePerSecond: 1000 }];
    expect(judged({ streams, fate: unsentAt(100, 200, 300, 400, 500) }).result.verdict).toBe('pass');
    expect(codesOf(judged({ streams, fate: unsentAt(100, 200, 300, 400, 500, 600) }))).toEqual(['harness-late']);
  });

  it('makes the run inconclusive when it sends late', () => {
    expect(judged({ harness: { sendDelayP99Ms: 50 } }).result.verdict).toBe('pass');
    const { result } = judged({ harness: { sendDelayP99Ms: 65 } });
    expect(result.findings).toMatchObject([
      { code: 'harness-late', message: expect.stringContaining('one request in a hundred left 65 ms or more') },
    ]);
    expect(result.harness).toMatchObject({ sendDelayP50Ms: 0.5, sendDelayP99Ms: 65, eventLoopDelayP99Ms: 1.5 });
  });

  it('is measured by its arrivals when it did not tell its own figures', () => {
    const late = (seq: number): Event => ({
      kind: 'answered',
      session: 0,
      stream: 'fresh',
      seq: [seq],
      lateUs: [50_000],
      waitUs: [0],
      firstByteUs: [51_000],
      latencyUs: [51_000],
      connection: [1],
    });
    const more = Array.from({ length: 10 }, (_, n) => late(n));
    const { result } = judged({ harness: null, fate: (_, seq) => (seq < 10 ? null : 1), more });
    expect(result.harness).toMatchObject({ sendDelayP50Ms: 0, sendDelayP99Ms: 50, eventLoopDelayP99Ms: 0 });
  });

  it('says which sentinels it could not put in place, once', () => {
    const unsent: Event = {
      kind: 'sentinel',
      session: 0,
      restart: 0,
      sentinel: 'idle',
      index: 0,
      outcome: 'unsent',
      story: story(1000),
    };
    expect(judged({ more: [unsent], sentinelsDue: 1 }).result.findings).toMatchObject([
      { code: 'sentinel-not-armed', severity: 'inconclusive', message: expect.stringContaining('1 sentinel could') },
    ]);
    const fact: Event = {
      kind: 'fact',
      session: 0,
      restart: 0,
      atMs: 1,
      code: 'sentinel-not-armed',
      message: 'no slow route',
    };
    expect(judged({ more: [unsent, fact], sentinelsDue: 1 }).result.findings).toMatchObject([
      { code: 'sentinel-not-armed', message: 'No slow route.' },
    ]);
  });

  it('notes that the pressure failed', () => {
    const pressure: Event = { kind: 'pressure', session: 0, requests: 1, errors: 2, problem: 'it ended early.' };
    expect(judged({ more: [pressure] }).result).toMatchObject({
      verdict: 'pass',
      findings: [{ code: 'pressure-failed', severity: 'note' }],
    });
  });
});

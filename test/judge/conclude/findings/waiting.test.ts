import { describe, expect, it } from 'vitest';
import { openMetricsText } from '../../../../src/report/text/openmetrics.ts';
import { junitXml } from '../../../../src/report/text/junit.ts';
import { lastLineOf } from '../../../../src/report/text/last-line.ts';
import { summaryMarkdown } from '../../../../src/report/text/markdown.ts';
import { summaryText } from '../../../../src/report/text/terminal.ts';
import { viewOf } from '../../../../src/report/view/view-of.ts';
import type { Event } from '../../../../src/model/event.ts';
import { codesOf, judged, scenarioOf } from '../../log.ts';

/** One answer of the first restart, and all that follow until it came, take until `ms` after it was due. */
const stalledFor = (ms: number) => (dueMs: number) =>
  dueMs >= 1100 && dueMs < 1100 + ms ? Math.max(1, 1100 + ms - dueMs) : 1;
const ofTimeout = (timeout: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...scenarioOf(5, more),
  traffic: { client: { timeout } },
});
const limitsOf = (thresholds: Record<string, unknown>, count = 2): Record<string, unknown> =>
  scenarioOf(count, { thresholds });

describe('the longest wait of a client', () => {
  it('fails a run beyond 3 s where the scenario says nothing', () => {
    const scenario = ofTimeout('30s');
    const { result } = judged({ scenario, restarts: 5, fate: stalledFor(6200) });
    expect(result.findings).toMatchObject([
      {
        code: 'wait-too-long',
        severity: 'fail',
        message: 'Clients waited up to 6.2 s for an answer in restarts 1, 2 and 3; the limit is 3.0 s by default.',
      },
    ]);
    expect(result.arms[0]).toMatchObject({ longestWaitMs: 6200, stalledMs: 6200, slowed: true });
    expect(result.arms[0]?.thresholds).toContainEqual({
      name: 'slowest',
      limit: 3000,
      measured: 6200,
      unit: 'ms',
      ok: false,
    });
  });

  it('has the limit that the timeout of the client sets, or the scenario', () => {
    const limitOf = (scenario: Record<string, unknown>) =>
      judged({ scenario, restarts: 5 }).result.arms[0]?.thresholds.find(({ name }) => name === 'slowest')?.limit;
    expect(limitOf(ofTimeout('800ms'))).toBe(800);
    expect(limitOf(ofTimeout('30s', { thresholds: { slowest: '9s' } }))).toBe(9000);
    const scenario = ofTimeout('30s', { thresholds: { slowest: '9s' } });
    expect(judged({ scenario, restarts: 5, fate: stalledFor(6200) }).result.verdict).toBe('pass');
    const short = ofTimeout('30s', { thresholds: { slowest: '200ms' } });
    expect(judged({ scenario: short, restarts: 5, fate: stalledFor(250) }).result.findings).toMatchObject([
      { code: 'wait-too-long', message: expect.stringContaining('the limit is 200 ms.') as string },
    ]);
  });

  it('is said with every pass that slowed clients, wherever a result is shown', () => {
    const judgement = judged({ fate: stalledFor(1200) });
    expect(judgement.result.verdict).toBe('pass');
    const view = viewOf(judgement);
    expect(view.headline).toContain('Clients waited up to 1.2 s; stalls took 1.2 s in all.');
    const terminal = summaryText(view, { color: false });
    expect(terminal).toMatch(/longest wait\s+stalled/);
    expect(terminal).toContain('Pass, but clients waited up to 1.2 s: a-test');
    expect(summaryMarkdown(view)).toContain('## Pass, but clients waited up to 1.2 s: a-test');
    const junit = junitXml(view);
    expect(junit).toContain('<property name="longest wait" value="1.2 s"/>');
    expect(junit).toContain('<property name="stalled" value="1.2 s"/>');
    expect(junit).toContain('Pass, but clients waited up to 1.2 s.');
    const metrics = openMetricsText(judgement.result);
    expect(metrics).toContain('zerodrop_longest_wait_seconds{scenario="a-test",arm="default"} 1.2\n');
    expect(metrics).toContain('zerodrop_stalled_seconds{scenario="a-test",arm="default"} 1.2\n');
    expect(JSON.parse(lastLineOf([{ result: judgement.result, folder: '' }], 0))).toMatchObject({
      lost: 0,
      longestWaitMs: 1200,
      stalledMs: 1200,
    });
  });

  it.each([
    ['is too short to be noticed', stalledFor(90)],
    ['is no longer than quiet time has them', (dueMs: number) => (dueMs === 500 || dueMs === 1100 ? 400 : 1)],
    ['was met in quiet time', (dueMs: number) => (dueMs === 100 ? 850 : 1)],
  ])('is no news when it %s', (_, fate) => {
    const judgement = judged({ fate });
    expect(judgement.result).toMatchObject({ verdict: 'pass', arms: [{ slowed: false }] });
    expect(summaryText(viewOf(judgement), { color: false })).toContain('\nPass: a-test');
  });

  it('of a path that always takes as long fails nothing by default', () => {
    const scenario = ofTimeout('30s');
    expect(judged({ scenario, restarts: 5, fate: () => 3900 }).result.verdict).toBe('pass');
    const given = ofTimeout('30s', { thresholds: { slowest: '3s' } });
    expect(codesOf(judged({ scenario: given, restarts: 5, fate: () => 3900 }))).toEqual(['noise-without-restart']);
  });

  it('fails nothing when a busy machine explains it, and does when that leaves too much', () => {
    const scenario = ofTimeout('30s', { thresholds: { slowest: '500ms' } });
    const busy = (stalledShare: number): Event => ({
      kind: 'machine',
      session: 0,
      atMs: 1900,
      tookMs: 900,
      busyShare: 1,
      othersShare: 0.9,
      stolenShare: 0,
      stalledShare,
      runnable: 9,
    });
    const of = (stalledShare: number) =>
      codesOf(judged({ scenario, restarts: 5, fate: stalledFor(800), more: [busy(stalledShare)] }));
    expect(of(0.9)).toEqual(['machine-busy']);
    // 800 ms less some 200 are still more than 500.
    expect(of(0.2)).toEqual(['wait-too-long']);
  });
});

describe('percentiles', () => {
  const slowInRestarts = (dueMs: number) => (dueMs % 2000 >= 1100 && dueMs % 2000 < 1200 ? 400 : 2);

  it('fail in the words of k6, for quiet time and restarts apart', () => {
    const { result } = judged({ scenario: limitsOf({ p99: '300ms' }, 4), restarts: 4, fate: slowInRestarts });
    expect(result.findings).toMatchObject([
      {
        code: 'percentile-crossed',
        severity: 'fail',
        message:
          'The threshold p(99)<300ms was crossed in restart windows: p(99)=400 ms over 404 answers, against 2 ms in ' +
          'quiet time.',
      },
    ]);
    expect(result.arms[0]?.thresholds.slice(-2)).toEqual([
      { name: 'p99 quiet', limit: 300, measured: 2, unit: 'ms', ok: true },
      { name: 'p99 restart', limit: 300, measured: 400, unit: 'ms', ok: false },
    ]);
  });

  it('have a limit for each window', () => {
    const of = (p90: unknown) =>
      judged({ scenario: limitsOf({ p90 }, 4), restarts: 4, fate: slowInRestarts }).result.findings.map(
        ({ message }) => message,
      );
    expect(of({ restart: '500ms' })).toEqual([]);
    expect(of({ quiet: '1ms', restart: '500ms' })).toEqual([
      expect.stringMatching(/^The threshold p\(90\)<1ms was crossed in quiet time: p\(90\)=2 ms over/),
    ]);
  });

  it('are refused on too few answers', () => {
    const { result } = judged({ scenario: limitsOf({ p999: { restart: '1s' } }) });
    expect(result.findings).toMatchObject([
      {
        code: 'too-few-answers',
        severity: 'inconclusive',
        message:
          'The threshold p(99.9)<1s was not evaluated: 202 answers came in restart windows, and p(99.9) needs 2,995.',
      },
    ]);
    expect(result.arms[0]?.thresholds.at(-1)).toMatchObject({ name: 'p999 restart', measured: null, ok: false });
  });
});

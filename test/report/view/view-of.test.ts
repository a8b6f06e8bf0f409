import { describe, expect, it } from 'vitest';
import { reportHtml } from '../../../src/report/page/html.ts';
import { viewOf } from '../../../src/report/view/view-of.ts';
import { recordedJudgement, RESTARTS_AT_MS } from '../recorded.ts';

const view = viewOf(recordedJudgement());
const [arm] = view.arms;

describe('viewOf', () => {
  it('answers the question in one sentence', () => {
    expect(view.headline).toBe('Of 2,400 requests, 40 lost in 3 restarts.');
    expect(view.verdict).toBe('fail');
  });

  it('says which restarts were not done', () => {
    const judgement = recordedJudgement();
    const [first, second] = judgement.result.arms[0]?.restarts ?? [];
    Object.assign(first ?? {}, { notDone: true });
    Object.assign(second ?? {}, { rolledBack: true });
    const undone = viewOf(judgement);
    expect(undone.headline).toBe('Of 2,400 requests, 40 lost in 3 restarts. 2 restarts were not done.');
    expect(undone.arms[0]?.restarts.map((restart) => restart.undone)).toEqual(['not done', 'rolled back', null]);
    expect(reportHtml(undone)).toMatch(/1 of 3, 2 not done[\s\S]*>not done<\/td>[\s\S]*>rolled back<\/td>/);
    expect(reportHtml(view)).not.toContain('not done');
  });

  it('numbers failures in the order of time, with their place in the restart', () => {
    expect(view.failures.map(({ n }) => n)).toEqual([...Array(41).keys()].map((index) => index + 1));
    const [sentinel, reset] = view.failures;
    expect(sentinel).toMatchObject({
      source: 'in-flight',
      sentinel: true,
      outcome: 'closed',
      restart: 2,
      sinceSignalMs: -20,
    });
    expect(reset).toMatchObject({
      source: 'fresh',
      sentinel: false,
      outcome: 'reset',
      restart: 2,
      sinceSignalMs: 10,
      waterfall: { connectMs: 0.2, connectedMs: 0.4, writtenMs: 0.5, endMs: 0.9 },
    });
    expect(reset?.story).toContain('was reset');
    expect(reset?.facts).toContain('ECONNRESET');
  });

  it('lays each restart out with its moments in time and its steps', () => {
    expect(arm?.restarts.map(({ signalledAtMs }) => signalledAtMs)).toEqual(RESTARTS_AT_MS);
    expect(arm?.restarts.map(({ dirty }) => dirty)).toEqual([false, true, false]);
    expect(arm?.restarts[0]?.moments.map(({ moment }) => moment)).toEqual([
      'began',
      'signalled',
      'not-accepting',
      'gone',
      'listening',
      'ready',
      'completed',
      'settled',
    ]);
    expect(arm?.restarts[0]?.steps).toEqual([
      { text: 'stop SIGTERM', took: '50 ms', problem: null },
      { text: 'start', took: '180 ms', problem: null },
    ]);
  });

  it('shows every failure within the window of its restart', () => {
    for (const failure of view.failures) {
      const restart = arm?.restarts[(failure.restart ?? 0) - 1];
      expect(failure.dueAtMs).toBeGreaterThanOrEqual(restart?.fromMs ?? Infinity);
      expect(failure.dueAtMs).toBeLessThanOrEqual(restart?.toMs ?? -Infinity);
    }
  });

  it('says what was not measured', () => {
    expect(arm?.controls.map(({ value }) => value)).toEqual(['not measured', 'not measured']);
  });

  it('shows the scenario without its secrets', () => {
    expect(view.scenarioText).toContain('API_TOKEN: "***"');
    expect(view.scenarioText).toContain('Authorization: "***"');
    expect(view.scenarioText).not.toContain('hush');
  });
});

/** metrics.prom, read back by the parsers of both formats that its readers use. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openMetricsText } from '../../../src/report/text/openmetrics.ts';
import { pythonWith } from '../../needs.ts';
import { HOSTILE, recordedJudgement } from '../recorded.ts';

const python = pythonWith('prometheus_client');

type Sample = [name: string, labels: Record<string, string>, value: number];

/** All samples, as the reference parser of a format reads them. */
function readBy(parser: 'prometheus_client.openmetrics.parser' | 'prometheus_client.parser', text: string): Sample[] {
  const script =
    `import sys, json; from ${parser} import text_string_to_metric_families as parse; print(json.dumps([[s.name, ` +
    's.labels, s.value] for f in parse(sys.stdin.read()) for s in f.samples]))';
  return JSON.parse(execFileSync(python as string, ['-c', script], { input: text, encoding: 'utf8' })) as Sample[];
}

describe('openMetricsText', () => {
  it.runIf(python)('says the same to a reader of OpenMetrics and to one of the Prometheus format', () => {
    const { result } = recordedJudgement();
    const text = openMetricsText(result);
    const samples = readBy('prometheus_client.openmetrics.parser', text);
    expect(readBy('prometheus_client.parser', text)).toEqual(samples);
    const arm = result.arms[0]?.name ?? '';
    const of = (name: string, more: Record<string, string> = {}): number | undefined =>
      samples.find(
        ([sample, labels]) =>
          sample === name &&
          labels['arm'] === arm &&
          Object.entries(more).every(([label, value]) => labels[label] === value),
      )?.[2];
    const { requests, verdict, confidence, longestGapMs } = result.arms[0] ?? expect.fail();
    expect(of('zerodrop_requests_due')).toBe(requests.due);
    expect(of('zerodrop_requests', { outcome: 'refused' })).toBe(requests.refused);
    expect(of('zerodrop_requests_lost')).toBe(requests.lost);
    expect(of('zerodrop_verdict', { verdict })).toBe(1);
    expect(of('zerodrop_restarts_dirty')).toBe(confidence.dirty);
    expect(of('zerodrop_longest_gap_seconds')).toBe(longestGapMs / 1000);
  });

  it.runIf(python)('keeps hostile names within their quotation marks', () => {
    const { result } = recordedJudgement();
    const name = `${HOSTILE}"} 1\nzerodrop_evil{x="\\`;
    const text = openMetricsText({ ...result, scenario: name });
    const samples = readBy('prometheus_client.openmetrics.parser', text);
    expect(new Set(samples.map(([, { scenario }]) => scenario))).toEqual(new Set([name]));
    expect(samples.map(([sample]) => sample)).not.toContain('zerodrop_evil');
  });

  it('ends as OpenMetrics must', () => {
    expect(openMetricsText(recordedJudgement().result)).toMatch(/\n# EOF\n$/);
  });
});

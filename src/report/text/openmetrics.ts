/**
 * metrics.prom: the figures of a run for a push gateway or a textfile collector.
 *
 * Rule: text that is OpenMetrics and the older Prometheus format at once: gauges only, in base units, without what just
 * one of them knows.
 */
import { OUTCOMES } from '../../model/outcome.ts';
import type { ArmResult, Result } from '../../model/result.ts';
import { VERDICTS } from '../../model/expect.ts';

type Labels = Readonly<Record<string, string>>;
interface Sample {
  labels: Labels;
  value: number;
}
interface Family {
  name: string;
  help: string;
  of: (arm: ArmResult) => (Omit<Sample, 'labels'> & { labels?: Labels })[];
}

const seconds = (ms: number): number => ms / 1000;
const one = (value: number | null): { value: number }[] => (value === null ? [] : [{ value }]);

/** What is told of each arm. Added to, never renamed: dashboards read the names. */
const FAMILIES: readonly Family[] = [
  {
    name: 'zerodrop_verdict',
    help: '1 for the verdict of the arm, 0 for the others',
    of: (arm) => VERDICTS.map((verdict) => ({ labels: { verdict }, value: arm.verdict === verdict ? 1 : 0 })),
  },
  {
    name: 'zerodrop_as_expected',
    help: '1 when the arm ended as its scenario expects',
    of: (arm) => one(arm.asExpected ? 1 : 0),
  },
  { name: 'zerodrop_requests_due', help: 'Requests that were due', of: ({ requests }) => one(requests.due) },
  {
    name: 'zerodrop_requests',
    help: 'Requests by outcome',
    of: ({ requests }) => OUTCOMES.map((outcome) => ({ labels: { outcome }, value: requests[outcome] })),
  },
  {
    name: 'zerodrop_requests_lost',
    help: 'Requests that were refused, reset, closed, truncated or timed out',
    of: ({ requests }) => one(requests.lost),
  },
  {
    name: 'zerodrop_sentinels',
    help: 'Sentinels by kind and outcome',
    of: ({ sentinels }) =>
      Object.entries(sentinels).flatMap(([sentinel, counts]) =>
        OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => ({
          labels: { sentinel, outcome },
          value: counts[outcome],
        })),
      ),
  },
  { name: 'zerodrop_restarts', help: 'Restarts that were made', of: ({ confidence }) => one(confidence.restarts) },
  {
    name: 'zerodrop_restarts_dirty',
    help: 'Restarts that dropped requests',
    of: ({ confidence }) => one(confidence.dirty),
  },
  {
    name: 'zerodrop_dirty_share_upper95_ratio',
    help: 'Upper bound of the share of dirty restarts, at 95 % confidence',
    of: ({ confidence }) => one(confidence.dirtyUpper95),
  },
  {
    name: 'zerodrop_longest_gap_seconds',
    help: 'Longest time without an answer to a fresh arrival',
    of: ({ longestGapMs }) => one(seconds(longestGapMs)),
  },
  {
    name: 'zerodrop_longest_wait_seconds',
    help: 'Longest wait of a client for an answer, in the windows of restarts',
    of: ({ longestWaitMs }) => one(seconds(longestWaitMs)),
  },
  {
    name: 'zerodrop_stalled_seconds',
    help: 'Time in the stalls that touched restarts',
    of: ({ stalledMs }) => one(seconds(stalledMs)),
  },
  {
    name: 'zerodrop_stalls',
    help: 'Runs of answers slower than the spike limit',
    of: ({ spikes }) => one(spikes.stalls),
  },
  {
    name: 'zerodrop_drain_max_seconds',
    help: 'Longest time from a signal until the old instance was gone',
    of: ({ restarts }) => one(longestDrainOf(restarts)),
  },
  {
    name: 'zerodrop_latency_seconds',
    help: 'Latency of answered requests from the moment they were due, in quiet time and in the windows of restarts',
    of: ({ latency }) =>
      (['quiet', 'restart'] as const).flatMap((window) =>
        (
          [
            ['0.5', 'p50Ms'],
            ['0.99', 'p99Ms'],
            ['1', 'maxMs'],
          ] as const
        ).map(([quantile, field]) => ({ labels: { window, quantile }, value: seconds(latency[window][field]) })),
      ),
  },
];

/** The whole file. */
export function openMetricsText(result: Result): string {
  const run: Labels = { scenario: result.scenario };
  const families = FAMILIES.map(({ name, help, of }) =>
    familyText(
      name,
      help,
      result.arms.flatMap((arm) =>
        of(arm).map(({ labels, value }) => ({ labels: { ...run, arm: arm.name, ...labels }, value })),
      ),
    ),
  );
  const about = [
    familyText('zerodrop_run_duration_seconds', 'How long the run took', [
      { labels: run, value: seconds(result.durationMs) },
    ]),
    familyText('zerodrop_run_started_timestamp_seconds', 'When the run began', [
      { labels: run, value: seconds(Date.parse(result.startedAt)) },
    ]),
  ];
  return `${[...families, ...about].join('')}# EOF\n`;
}

function familyText(name: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}`),
    '',
  ].join('\n');
}

function labelsText(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
}

/** Of a label's value, backslash, line feed and quotation mark are escaped; both formats ask for just that. */
const escaped = (value: string): string =>
  value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));

function longestDrainOf(restarts: ArmResult['restarts']): number | null {
  const drains = restarts.flatMap(({ drainMs }) => (drainMs === null ? [] : [drainMs]));
  return drains.length === 0 ? null : seconds(Math.max(...drains));
}

/**
 * A view as a real run would give it: one arm with a gap by design, one that hands its socket over, one that is not
 * sure.
 *
 * Rule: made from a seeded generator, so that it is the same every time.
 */
import { comparisonOfSides } from '../../src/judge/compare/comparison.ts';
import { sideValuesOf } from '../../src/judge/compare/sides.ts';
import { MEASURES, type ComparedSide, type Comparison, type Measure } from '../../src/model/comparison.ts';
import type { RestartMoment } from '../../src/model/event.ts';
import { count, noCounts, sumOf, type Outcome } from '../../src/model/outcome.ts';
import type { Verdict } from '../../src/model/expect.ts';
import { comparisonView } from '../../src/report/view/comparison-view.ts';
import { runsView } from '../../src/report/view/runs-view.ts';
import type {
  ArmView,
  FailureView,
  InstanceView,
  Profile,
  RestartView,
  Series,
  View,
} from '../../src/report/view/view.ts';

export interface SampleOptions {
  restarts?: number;
  /** Failures in each restart of the first arm. */
  failuresPerRestart?: number;
  arms?: number;
}

const PERIOD_MS = 2400;
const RATE = 400;

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A view of up to three arms. */
export function sampleView({ restarts = 12, failuresPerRestart = 90, arms = 3 }: SampleOptions = {}): View {
  const random = randomOf(7);
  const specs: [string, string, Verdict][] = [
    ['stop-start', 'stop-start', 'fail'],
    ['handoff', 'signal-handoff', 'pass'],
    ['cluster', 'reload-workers', 'inconclusive'],
  ];
  const failures: FailureView[] = [];
  const views = specs.slice(0, arms).map(([name, strategy, verdict], index) => {
    const offsetMs = index * (restarts * PERIOD_MS + 1500);
    return armOf(
      name,
      strategy,
      verdict,
      offsetMs,
      restarts,
      verdict === 'fail' ? failuresPerRestart : verdict === 'inconclusive' ? 2 : 0,
      random,
      failures,
    );
  });
  failures.sort((one, other) => one.dueAtMs - other.dueAtMs);
  failures.forEach((failure, index) => (failure.n = index + 1));
  const lost = sumOf(views.map(({ counts }) => counts)).lost;
  return {
    scenario: 'demo',
    description: 'Three ways to restart the same Node server under the same load.',
    judged: 'arms',
    verdict: 'fail',
    asExpected: true,
    interrupted: false,
    headline:
      `${lost.toLocaleString('en-US')} of ` +
      `${views.reduce((sum, { counts }) => sum + counts.due, 0).toLocaleString('en-US')} requests were lost in ` +
      `${restarts * arms} restarts.`,
    startedAt: '2026-03-04T10:20:30.000Z',
    durationMs: 84_000,
    duration: '1 min 24 s',
    command: 'zerodrop run scenarios/demo.yaml --expect',
    seed: 42,
    zerodrop: '0.1.0',
    environment: 'Linux 6.1, Node v20.20.2, 2 CPUs',
    arms: views,
    comparison: views.length > 1 ? comparisonView(armsCompared(views)) : null,
    findings: [
      {
        code: 'requests-lost',
        severity: 'fail',
        arm: 'stop-start',
        restart: null,
        message: `${lost} requests were lost in 12 of 12 restarts; the limit is 0.`,
        hint:
          'Let the successor listen before the old instance stops, for example with the strategy signal-handoff ' +
          'or socket-activation.',
      },
      {
        code: 'gap-too-long',
        severity: 'fail',
        arm: 'stop-start',
        restart: 4,
        message: 'For 231 ms no fresh request was answered; the limit is 100 ms.',
        hint: 'Look at the steps of restart 4: the successor was ready 198 ms after the signal.',
      },
      ...(arms > 2
        ? [
            {
              code: 'few-restarts',
              severity: 'inconclusive' as const,
              arm: 'cluster',
              restart: null,
              message: 'Only 12 restarts: a zero would prove no more than 22 %.',
              hint: 'Run at least 29 restarts with -n 29.',
            },
          ]
        : []),
      {
        code: 'non-zero-exit',
        severity: 'note',
        arm: 'stop-start',
        restart: 2,
        message: 'The old instance ended with code 1.',
        hint: 'Its last line was: <script>alert("target")</script>',
      },
    ],
    failures,
    harness: [
      { label: 'Send delay, p99', value: '0.6 ms', ok: true },
      { label: 'Event loop delay, p99', value: '1.1 ms', ok: true },
      { label: 'Unsent requests', value: '0', ok: true },
    ],
    scenarioText:
      'name: demo\ntarget:\n  command: node targets/node/server.mjs\n  environment:\n    API_KEY: "***"\nrestart:\n  ' +
      'count: 12\n',
  };
}

/** The same arms as `compare` shows them: what is judged is how each of them differs from the first. */
export function comparedView(options: SampleOptions = {}): View {
  const view = sampleView(options);
  return runsView([{ view, nameOf: (arm) => arm }], armsCompared(view.arms), 'zerodrop compare scenarios/demo.yaml');
}

/** Each arm against the first, by the judge's own rules. */
function armsCompared(arms: readonly ArmView[]): Comparison {
  const valueOf = (measure: Measure, { dirty, gapMs, worstMs, drainMs }: RestartView): number | null =>
    ({ dirty: dirty ? 1 : 0, gap: gapMs, stall: worstMs > 50 ? 210 : 0, p99: worstMs, drain: drainMs })[measure];
  const sides = arms.map(({ name, strategy, restarts }): ComparedSide => {
    const measures = MEASURES.map((measure) => [
      measure,
      sideValuesOf(
        measure,
        restarts.map((restart) => valueOf(measure, restart)),
      ),
    ]);
    return { name, arm: name, run: null, strategy, measures: Object.fromEntries(measures) as ComparedSide['measures'] };
  });
  const [reference, ...others] = sides.map(({ name }) => name) as [string, ...string[]];
  return comparisonOfSides(
    sides,
    others.map((other) => [reference, other] as const),
  );
}

function armOf(
  name: string,
  strategy: string,
  verdict: Verdict,
  offsetMs: number,
  restarts: number,
  perRestart: number,
  random: () => number,
  failures: FailureView[],
): ArmView {
  const list: RestartView[] = [];
  const outage = verdict === 'fail';
  for (let index = 0; index < restarts; index += 1) {
    const signalledAtMs = offsetMs + 1000 + index * PERIOD_MS + random() * 100;
    const order: [RestartMoment, number][] = outage
      ? [
          ['signalled', 0],
          ['not-accepting', 3 + random() * 5],
          ['gone', 60 + random() * 30],
          ['listening', 170 + random() * 25],
          ['ready', 200 + random() * 30],
          ['completed', 240],
        ]
      : [
          ['signalled', 0],
          ['listening', 90 + random() * 30],
          ['ready', 130 + random() * 20],
          ['not-accepting', 150 + random() * 20],
          ['gone', 420 + random() * 60],
          ['completed', 500],
        ];
    const counts = noCounts();
    for (let i = 0; i < perRestart; i += 1) {
      const since = outage ? random() * 205 : 150 + random() * 60;
      const outcome: Outcome = !outage
        ? 'raced'
        : since > 8
          ? 'refused'
          : ((['reset', 'closed', 'raced', 'truncated', 'timeout'] as const)[Math.floor(random() * 5)] ?? 'reset');
      count(counts, outcome);
      failures.push(failureOf(name, outcome, signalledAtMs, since, index + 1, i));
    }
    count(counts, 'answered', 400 - perRestart);
    const readyMs = order.find(([moment]) => moment === 'ready')?.[1] ?? 0;
    list.push({
      number: index + 1,
      signalledAtMs,
      fromMs: signalledAtMs - 300,
      toMs: signalledAtMs + 1100,
      moments: order.map(([moment, atMs]) => ({ moment, atMs: signalledAtMs + atMs })),
      dirty: perRestart > 0,
      proven: true,
      completed: true,
      undone: null,
      counts,
      readyMs,
      drainMs: order.find(([moment]) => moment === 'gone')?.[1] ?? 0,
      gapMs: outage ? readyMs + 5 : 0,
      spikes: outage ? 0 : 2,
      worstMs: outage ? 12 : 260,
      exit: 'code 0',
      steps: [
        { text: outage ? 'stop SIGTERM' : 'signal SIGUSR2', took: '62 ms', problem: null },
        { text: 'ready', took: '140 ms', problem: null },
      ],
    });
  }
  const counts = sumOf([...list.map((restart) => restart.counts), { ...noCounts(), due: 3600, answered: 3600 }]);
  const latency = (where: string, p99: string): ArmView['latency'][number] => ({
    where,
    count: 4000,
    p50: '1.1 ms',
    p90: '1.9 ms',
    p99,
    p999: '9.4 ms',
    max: '260 ms',
  });
  const sentinelCounts = noCounts();
  count(sentinelCounts, 'answered', 57);
  count(sentinelCounts, 'closed', outage ? 3 : 0);
  return {
    name,
    strategy,
    verdict,
    expect: verdict,
    asExpected: true,
    expectsMore: verdict !== 'pass',
    surprises: [],
    sentences: outage
      ? [
          `${counts.lost} requests were lost in ${restarts} of ${restarts} restarts, the longest gap was 231 ms.`,
          'Every restart drops requests: at least 78 % of restarts would, with 95 % confidence.',
          'A gap shorter than 4.9 ms could have gone unseen.',
        ]
      : [
          `No request was lost in ${restarts} restarts.`,
          'Fewer than 22 % of restarts drop a request, with 95 % confidence; 59 clean restarts would make that 5 %.',
          'A gap shorter than 4.9 ms could have gone unseen.',
        ],
    counts,
    streams: [
      { name: 'fresh', counts },
      { name: 'keepalive', counts: noCounts() },
    ],
    sentinels: [{ name: 'in-flight', counts: sentinelCounts }],
    thresholds: [
      { name: 'lost', limit: '0 requests', measured: `${counts.lost} requests`, ok: !outage },
      { name: 'gap', limit: '100 ms', measured: outage ? '231 ms' : '0 ms', ok: !outage },
      { name: 'spikes', limit: '0 answers', measured: outage ? null : '24 answers', ok: false },
    ],
    latency: [latency('quiet time', '4 ms'), latency('restart windows', '210 ms')],
    spikeLimitMs: 50,
    longestGapMs: outage ? 231 : 0,
    longestWaitMs: outage ? 231 : 21,
    stalledMs: outage ? 1450 : 0,
    slowed: false,
    restarts: list,
    dirtyRestarts: list.filter(({ dirty }) => dirty).length,
    confidence: perRestart > 0 ? '100 %' : '22 %',
    stalls: outage
      ? []
      : list.map((restart) => ({
          atMs: restart.signalledAtMs + 160,
          lastedMs: 210,
          answers: 40,
          worstMs: 260,
          restart: restart.number,
        })),
    hygiene: [
      { label: 'Processes left over', value: '0', ok: true },
      { label: 'Descriptors, growth per restart', value: 'not measured', ok: null },
      {
        label: 'Ended by SIGKILL',
        value: outage ? '2' : '0',
        ok: !outage,
        note: outage ? 'The grace period of 10 s ran out.' : '',
      },
    ],
    controls: [{ label: 'Positive control', value: '60 of 60 faults counted', ok: true }],
    harness: [{ label: 'Send delay, p99', value: '0.6 ms', ok: true }],
    instances: instancesOf(offsetMs, list, offsetMs + restarts * PERIOD_MS + 1000),
    sessions: [seriesOf(offsetMs, restarts * PERIOD_MS + 1000, 100, list, outage, random)],
    profile: profileOf(list, outage, random),
    windows: list.map((restart) =>
      seriesOf(restart.fromMs, restart.toMs - restart.fromMs, 20, [restart], outage, random),
    ),
  };
}

function instancesOf(fromMs: number, restarts: readonly RestartView[], toMs: number): InstanceView[] {
  const at = (restart: RestartView | undefined, wanted: RestartMoment): number | undefined =>
    restart?.moments.find(({ moment }) => moment === wanted)?.atMs;
  return [undefined, ...restarts].map((restart, index): InstanceView => {
    const next = restarts[index];
    const startedAtMs = restart === undefined ? fromMs : restart.signalledAtMs + 70;
    const readyAtMs = at(restart, 'ready') ?? fromMs;
    const goneAtMs = at(next, 'gone') ?? toMs;
    const drainingAtMs = Math.min(goneAtMs, next?.signalledAtMs ?? toMs);
    const stretches = [
      { state: 'starting' as const, fromMs: startedAtMs, toMs: readyAtMs },
      { state: 'serving' as const, fromMs: readyAtMs, toMs: drainingAtMs },
      { state: 'draining' as const, fromMs: drainingAtMs, toMs: goneAtMs },
    ].filter((stretch) => stretch.toMs > stretch.fromMs);
    return { label: `pid ${1000 + index}`, number: index + 1, stretches, gone: next !== undefined };
  });
}

function profileOf(restarts: readonly RestartView[], outage: boolean, random: () => number): Profile {
  const buckets = restarts.length === 0 ? 0 : 70;
  const inGap = (index: number): boolean => index >= 15 && index < 25;
  return {
    fromMs: -300,
    bucketMs: 20,
    answeredShare: Array.from({ length: buckets }, (_, index) => (outage && inGap(index) ? 0.05 * random() : 1)),
    medianMs: Array.from({ length: buckets }, () => 1 + random()),
    worstMs: Array.from({ length: buckets }, (_, index) =>
      inGap(index) ? (outage ? null : 150 + 100 * random()) : 4 + 4 * random(),
    ),
  };
}

function failureOf(
  arm: string,
  outcome: Outcome,
  signalledAtMs: number,
  since: number,
  restart: number,
  index: number,
): FailureView {
  const refused = outcome === 'refused';
  return {
    n: 0,
    arm,
    source: index % 7 === 3 ? 'in-flight' : index % 2 === 0 ? 'fresh' : 'keepalive',
    sentinel: index % 7 === 3,
    outcome,
    dueAtMs: signalledAtMs + since,
    restart,
    sinceSignalMs: since,
    story: refused
      ? 'Connecting was refused after 0.3 ms (ECONNREFUSED).'
      : `Written after 0.4 ms on a connection 1.2 s old; ${outcome} 39.6 ms later, before any byte of the answer.`,
    facts: refused
      ? 'no connection'
      : `connection 214, 37 uses, idle 4.1 ms, 78 bytes written, 0 read, local port 41822`,
    waterfall: refused
      ? { connectMs: 0.2, endMs: 0.6 }
      : {
          connectMs: 0.2,
          connectedMs: 0.3,
          writtenMs: 0.4,
          ...(outcome === 'truncated' ? { firstByteMs: 22 } : {}),
          endMs: 40,
        },
  };
}

function seriesOf(
  fromMs: number,
  lengthMs: number,
  bucketMs: number,
  restarts: readonly RestartView[],
  outage: boolean,
  random: () => number,
): Series {
  const buckets = Math.ceil(lengthMs / bucketMs);
  const series: Series = { fromMs, bucketMs, offeredPerSecond: [], answeredPerSecond: [], medianMs: [], worstMs: [] };
  for (let index = 0; index < buckets; index += 1) {
    const atMs = fromMs + (index + 0.5) * bucketMs;
    const inGap = restarts.some(({ signalledAtMs }) => atMs > signalledAtMs && atMs < signalledAtMs + 205);
    series.offeredPerSecond.push(RATE);
    series.answeredPerSecond.push(outage && inGap ? 0 : RATE - Math.round(random() * 20));
    series.medianMs.push(outage && inGap ? null : 1 + random() * 0.4);
    series.worstMs.push(outage && inGap ? null : !outage && inGap ? 120 + random() * 140 : 3 + random() * 4);
  }
  return series;
}

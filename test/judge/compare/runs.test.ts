/** Runs against each other: which arms are paired, what is refused, and what a baseline finds. */
import { describe, expect, it } from 'vitest';
import { runsCompared, type ComparedRun } from '../../../src/judge/compare/runs.ts';
import { judgementOf } from '../../../src/judge/judge.ts';
import { codesOf, judged, logOf, recordingOf, scenarioOf, sinceSignal, type LogOptions } from '../log.ts';

const RESTARTS = 8;
/** Down for so long after each signal. */
const downFor = (ms: number, more: LogOptions = {}): LogOptions => ({
  restarts: RESTARTS,
  fate: (dueMs) => (sinceSignal(dueMs, 0, ms) ? 'refused' : 1),
  ...more,
});

function asRun(label: string, options: LogOptions, run: string | null = label): ComparedRun {
  const { recording, evidence } = judged(options);
  return { label, run, recording, evidence, nameOf: (arm) => (run === null ? arm : `${label} ${arm}`) };
}
const sinceBaseline = (now: LogOptions, before: LogOptions): ReturnType<typeof judgementOf> =>
  judgementOf(recordingOf(logOf(now)), asRun('before', before));

describe('runs', () => {
  it('are compared arm by arm, with the first one as the reference', () => {
    const comparison = runsCompared([
      asRun('one', downFor(50)),
      asRun('two', downFor(300)),
      asRun('three', downFor(50)),
    ]);
    expect(comparison.pairs.map(({ reference, other, outcome }) => [reference, other, outcome])).toEqual([
      ['one default', 'two default', 'worse'],
      ['one default', 'three default', 'not-shown'],
    ]);
    expect(comparison.sides.map(({ name, run, arm }) => [name, run, arm])).toEqual([
      ['one default', 'one', 'default'],
      ['two default', 'two', 'default'],
      ['three default', 'three', 'default'],
    ]);
    expect(comparison.pairs[0]?.measures.find(({ measure }) => measure === 'gap')).toMatchObject({
      outcome: 'worse',
      difference: 250,
    });
    expect(comparison.warnings.join()).toContain('not in turns');
  });

  it('with one arm each are compared whatever it is called; otherwise by name', () => {
    const arms = (names: string[]): LogOptions => ({
      restarts: 1,
      arm: names[0] as string,
      scenario: {
        name: 'x',
        arms: Object.fromEntries(
          names.map((name) => [name, { target: { command: 'x' }, restart: { strategy: 'stop-start', count: 1 } }]),
        ),
      },
    });
    expect(runsCompared([asRun('one', arms(['a'])), asRun('two', arms(['b']))]).pairs).toHaveLength(1);
    const some = runsCompared([asRun('one', arms(['a', 'b'])), asRun('two', arms(['a', 'c']))]);
    expect(some.pairs.map(({ other }) => other)).toEqual(['two a']);
    expect(some.warnings.join()).toContain('Not compared, for want of an arm of the same name: one b and two c');
    expect(() => runsCompared([asRun('one', arms(['a', 'b'])), asRun('two', arms(['c', 'd']))])).toThrow(
      'one (a and b) and two (c and d) have no arm of the same name',
    );
  });

  it('that met another load are refused, with what differs', () => {
    const other = scenarioOf(RESTARTS, { traffic: { arrivals: { main: { rate: '50/s' } } } });
    expect(() => runsCompared([asRun('one', downFor(50)), asRun('two', downFor(50, { scenario: other }))])).toThrow(
      expect.objectContaining({ code: 'not-comparable', exitCode: 64, details: ['default: traffic.arrivals'] }),
    );
  });

  it('cannot be told apart by times that the harness made late, only by what was dropped', () => {
    const late = (ms: number): LogOptions => downFor(ms, { harness: { sendDelayP99Ms: 65 } });
    const told = (one: LogOptions, other: LogOptions) =>
      runsCompared([asRun('one', one), asRun('two', other)]).pairs[0];
    expect(told(downFor(0), downFor(0))?.outcome).toBe('not-shown');
    expect(told(downFor(0), late(0))).toMatchObject({
      outcome: 'unclear',
      sentence:
        'two default cannot be distinguished from one default: ' +
        'in two default zerodrop could not keep its own schedule: ' +
        'one request in a hundred left 65 ms or more after it was due.',
    });
    expect(told(downFor(50), late(300))?.outcome).toBe('unclear');
    expect(told(late(0), downFor(300))?.outcome).toBe('worse');
  });
});

describe('a baseline', () => {
  it('fails what is worse, with the numbers', () => {
    const { result } = sinceBaseline(downFor(300), downFor(0));
    const finding = result.findings.find(({ code }) => code === 'worse-than-baseline');
    expect(finding).toMatchObject({ severity: 'fail', arm: 'default' });
    expect(finding?.message).toContain(
      'drops requests in more restarts than before default (8 of 8 against 0 of 8, p < 0.001), and is worse in ' +
        'longest gap (300 ms against 0 ms)',
    );
    expect(result.baseline?.pairs[0]?.outcome).toBe('worse');
  });

  it('lets pass what is as before, and what is better', () => {
    expect(sinceBaseline(downFor(0), downFor(0)).result).toMatchObject({ verdict: 'pass', findings: [] });
    expect(codesOf(sinceBaseline(downFor(0), downFor(300)))).toEqual([]);
  });

  it('does not let pass what so few restarts cannot show', () => {
    const now = sinceBaseline(downFor(0, { restarts: 3 }), downFor(0, { restarts: 3 }));
    expect(now.result.verdict).toBe('inconclusive');
    expect(codesOf(now)).toEqual(['baseline-unclear']);
  });
});

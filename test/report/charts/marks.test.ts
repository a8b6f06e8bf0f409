import { describe, expect, it } from 'vitest';
import { failureMarks } from '../../../src/report/charts/marks.ts';
import { OUTCOMES } from '../../../src/model/outcome.ts';
import type { FailureView } from '../../../src/report/view/view.ts';
import { sampleView } from '../sample.ts';

const RANGE = { min: -50, max: 450 };
const CELL = (RANGE.max - RANGE.min) / 900;

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Failures in clusters, as restarts make them, and some anywhere. */
function failuresOf(seed: number, count: number): FailureView[] {
  const random = randomOf(seed);
  const [one] = sampleView({ arms: 1, restarts: 1, failuresPerRestart: 1 }).failures;
  const centres = Array.from({ length: 5 }, () => random() * 400);
  return Array.from({ length: count }, (_, index): FailureView => ({
    ...(one as FailureView),
    n: index + 1,
    outcome: OUTCOMES[1 + Math.floor(random() * (OUTCOMES.length - 1))] ?? 'reset',
    restart: 1 + Math.floor(random() * 20),
    sinceSignalMs: random() < 0.1 ? random() * 400 : (centres[Math.floor(random() * 5)] ?? 0) + random() * 3,
  }));
}

describe('failureMarks', () => {
  it.each(Array.from({ length: 40 }, (_, index) => [index + 1, 1 + ((index * 397) % 3000)]))(
    'hides no failure (seed %i, %i failures)',
    (seed, count) => {
      const failures = failuresOf(seed, count);
      const datasets = failureMarks(failures, 'y', RANGE, (failure) => ({
        x: failure.sinceSignalMs ?? 0,
        y: failure.restart ?? 0,
      }));
      const pointsOf = new Map(datasets.map(({ label, data }) => [label, data]));
      for (const failure of failures) {
        const near = pointsOf
          .get(failure.outcome)
          ?.some(({ x, y }) => y === failure.restart && Math.abs(x - (failure.sinceSignalMs ?? 0)) <= CELL);
        expect(near, `failure ${failure.n} has no mark`).toBe(true);
      }
      const counts = datasets.map(({ label, data }) => [
        label,
        data.reduce((sum, point) => sum + (point.count ?? 1), 0),
      ]);
      expect(Object.fromEntries(counts)).toEqual(
        Object.fromEntries(
          datasets.map(({ label }) => [label, failures.filter(({ outcome }) => outcome === label).length]),
        ),
      );
    },
  );

  it('leads from each mark to a failure of its outcome', () => {
    const failures = failuresOf(7, 2000);
    for (const { label, data } of failureMarks(failures, 'y', RANGE, (failure) => ({
      x: failure.sinceSignalMs ?? 0,
      y: failure.restart ?? 0,
    }))) {
      expect(data.map(({ n }) => failures[(n ?? 0) - 1]?.outcome)).toEqual(data.map(() => label));
    }
  });

  it('draws the rarest outcome on top', () => {
    const failures = failuresOf(3, 50).map((failure, index): FailureView => ({
      ...failure,
      outcome: index === 9 ? 'reset' : 'refused',
    }));
    expect(failureMarks(failures, 'y', RANGE, () => ({ x: 1, y: 1 })).map(({ label }) => label)).toEqual([
      'reset',
      'refused',
    ]);
  });

  it('draws no more than can be told apart, however many they are', () => {
    const failures = failuresOf(11, 30_000).map((failure): FailureView => ({ ...failure, outcome: 'refused' }));
    const [points] = failureMarks(failures, 'y', RANGE, (failure) => ({ x: failure.sinceSignalMs ?? 0, y: 1 }));
    expect(points?.data.length).toBeLessThanOrEqual(901);
  });
});

/**
 * A step of a canary is judged by all of its requests: what hangs in the new set fails long after the step, and is
 * waited for; what belongs to another time does not count.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openCanary } from '../../src/session/canary.ts';
import type { CanaryQuestion, StepFacts } from '../../src/model/canary.ts';
import type { Event } from '../../src/model/event.ts';

const PATIENCE_MS = 60_000;
const FOR_MS = 1;
/** Long after the step is over. */
const LATER_MS = 1000;
const [OLD, NEW] = [0, 1];
const question: CanaryQuestion = {
  forMs: FOR_MS,
  errorsBelow: 0.05,
  share: undefined,
  isNewIdentity: (identity) => identity === 'new',
  isNewPort: (port) => (port === 0 ? undefined : port === 2),
  aborted: new AbortController().signal,
};

/** A watch that knows both identities, and has met so many requests before the step. */
function staged(before = 0) {
  const facts: StepFacts[] = [];
  const watch = openCanary(new Set(['fresh']), PATIENCE_MS, (found) => void facts.push(found));
  const answered = (seqs: number[], identity: number): void => {
    const each = (value: number): number[] => seqs.map(() => value);
    watch.add({
      kind: 'answered',
      session: 0,
      stream: 'fresh',
      seq: seqs,
      lateUs: each(0),
      waitUs: each(0),
      firstByteUs: each(900),
      latencyUs: each(1000),
      connection: each(1),
      identity: each(identity),
    } satisfies Event);
  };
  const failed = (seq: number, localPort: number): void => {
    watch.add({
      kind: 'failure',
      session: 0,
      stream: 'fresh',
      seq,
      outcome: 'timeout',
      story: { dueMs: 0, endMs: 1, connection: 1, localPort },
    });
  };
  watch.add({ kind: 'identity', session: 0, index: OLD, value: 'old' });
  watch.add({ kind: 'identity', session: 0, index: NEW, value: 'new' });
  answered(range(0, before), OLD);
  return { watch, answered, failed, facts };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

it('waits for what hangs, and fails the step for it', async () => {
  const { watch, answered, failed, facts } = staged(100);
  const answer = watch.analyse(question);
  // 30 of 200 hang in the new set.
  answered(range(100, 270), NEW);
  answered(range(300, 900), OLD);
  await delay(LATER_MS);
  for (const seq of range(270, 300)) failed(seq, 2);
  expect(await answer).toMatchObject({
    verdict: 'fail',
    message: expect.stringContaining('170 of 200 requests, the old set 600 of 600'),
  });
  expect(facts).toMatchObject([
    { fresh: { requests: 200, failures: 30 }, old: { requests: 600, failures: 0 }, unplaced: 0, errorsBelow: 0.05 },
  ]);
  expect(facts[0]).not.toHaveProperty('share');
});

it('is judged at its end when nothing is under way, by its own requests alone', async () => {
  const { watch, answered, failed } = staged(100);
  answered(range(101, 110), OLD);
  const answer = watch.analyse(question);
  // Its outcome comes late, but it was due before the step.
  failed(100, 2);
  answered(range(110, 210), NEW);
  answered(range(210, 310), OLD);
  expect(await answer).toMatchObject({
    verdict: 'pass',
    message: expect.stringContaining('100 of 100 requests, the old set 100 of 100'),
  });
});

it('does not pass on failures that nobody can place', async () => {
  const { watch, answered, failed } = staged();
  const answer = watch.analyse(question);
  answered(range(0, 200), NEW);
  answered(range(200, 400), OLD);
  for (const seq of range(400, 440)) failed(seq, 0);
  expect(await answer).toMatchObject({ verdict: 'inconclusive', message: expect.stringContaining('40 more failed') });
});

import { describe, expect, it } from 'vitest';
import { profileOf } from '../../../src/report/view/profile.ts';
import { logOf, recordingOf, sinceSignal } from '../../judge/log.ts';

const restarts = [1000, 3000].map((signalledAtMs) => ({
  signalledAtMs,
  fromMs: signalledAtMs - 200,
  toMs: signalledAtMs + 600,
}));
const share = (values: readonly (number | null)[], fromMs: number, bucketMs: number, atMs: number): number | null =>
  values[Math.floor((atMs - fromMs) / bucketMs)] ?? null;

describe('profileOf', () => {
  it('lays restarts over each other, by the moment a request was due', () => {
    const { sessions } = recordingOf(logOf({ fate: (dueMs) => (sinceSignal(dueMs, 0, 200) ? 'refused' : 5) }));
    const { fromMs, bucketMs, answeredShare, worstMs } = profileOf(sessions, restarts, 100);
    expect([fromMs, bucketMs, answeredShare.length]).toEqual([-200, 100, 8]);
    expect([-150, 50, 150, 250].map((atMs) => share(answeredShare, fromMs, bucketMs, atMs))).toEqual([1, 0, 0, 1]);
    expect([-150, 50, 250].map((atMs) => share(worstMs, fromMs, bucketMs, atMs))).toEqual([5, null, 5]);
  });

  it('counts what only one of the restarts lost as its share', () => {
    const { sessions } = recordingOf(logOf({ fate: (dueMs) => (dueMs >= 1000 && dueMs < 1100 ? 'refused' : 5) }));
    const { fromMs, bucketMs, answeredShare } = profileOf(sessions, restarts, 100);
    expect(share(answeredShare, fromMs, bucketMs, 50)).toBe(0.5);
  });

  it('does not count what never left', () => {
    const { sessions } = recordingOf(logOf({ fate: (dueMs) => (sinceSignal(dueMs, 0, 200) ? 'unsent' : 5) }));
    const { fromMs, bucketMs, answeredShare } = profileOf(sessions, restarts, 100);
    expect(share(answeredShare, fromMs, bucketMs, 50)).toBeNull();
  });

  it('is empty without restarts', () => {
    expect(profileOf(recordingOf(logOf()).sessions, [], 100).answeredShare).toEqual([]);
  });
});

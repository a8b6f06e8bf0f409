import { describe, expect, it } from 'vitest';
import { phaseIn, phaseOf } from '../../../src/judge/measure/phases.ts';
import type { RestartRecording, SessionRecording } from '../../../src/judge/fold/recording.ts';
import { logOf, recordingOf } from '../log.ts';

const restartWith = (moments: RestartRecording['moments']): RestartRecording => ({
  session: 0,
  restart: 0,
  index: 0,
  moments,
  steps: [],
  before: null,
  after: null,
});

describe('phases', () => {
  it('follow the order of time, which is another one for each strategy', () => {
    const stopFirst = restartWith({
      began: 0,
      signalled: 10,
      'not-accepting': 20,
      gone: 30,
      listening: 40,
      ready: 50,
      completed: 55,
      settled: 60,
    });
    expect([5, 10, 25, 35, 45, 55, 60].map((ms) => phaseIn(stopFirst, ms))).toEqual([
      'before',
      'signalled',
      'not-accepting',
      'gone',
      'listening',
      'ready',
      'settled',
    ]);
    const startFirst = restartWith({
      signalled: 10,
      listening: 20,
      ready: 30,
      'not-accepting': 40,
      gone: 50,
      settled: 60,
    });
    expect([25, 35, 45, 55].map((ms) => phaseIn(startFirst, ms))).toEqual([
      'listening',
      'ready',
      'not-accepting',
      'gone',
    ]);
  });

  it('pass over moments that were never reached', () => {
    expect(phaseIn(restartWith({ signalled: 10, settled: 60 }), 50)).toBe('signalled');
    expect(phaseIn(restartWith({}), 50)).toBe('before');
  });

  it('belong to the last restart that had begun', () => {
    const session = recordingOf(logOf({ restarts: 2 })).sessions[0] as SessionRecording;
    const at = (ms: number): unknown => [phaseOf(session, ms).restart?.index, phaseOf(session, ms).phase];
    expect([at(500), at(1150), at(2500), at(2997), at(3000)]).toEqual([
      [0, 'before'],
      [0, 'gone'],
      [0, 'settled'],
      [1, 'before'],
      [1, 'signalled'],
    ]);
    expect(phaseOf({ ...session, restarts: [] }, 5)).toEqual({ restart: null, phase: 'before' });
  });
});

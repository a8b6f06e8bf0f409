import { describe, expect, it } from 'vitest';
import type { InstanceId } from '../../../src/model/instance-id.ts';
import { proofOf } from '../../../src/judge/measure/proof.ts';
import type { SessionRecording } from '../../../src/judge/fold/recording.ts';
import { codesOf, idOf, judged, logOf, recordingOf, type LogOptions } from '../log.ts';

type Serving = { instances?: InstanceId[]; identities?: string[] };

function proofWith(...servings: (Serving | null)[]) {
  const serving: LogOptions['serving'] = (restart, when) => {
    const one = servings[restart * 2 + (when === 'before' ? 0 : 1)];
    return one === null || one === undefined
      ? null
      : { instances: one.instances ?? [], identities: one.identities ?? [] };
  };
  const session = recordingOf(logOf({ restarts: Math.ceil(servings.length / 2), serving }))
    .sessions[0] as SessionRecording;
  return proofOf(session, session.restarts.at(-1) as SessionRecording['restarts'][number]);
}
const seen = (...instances: InstanceId[]): Serving => ({ instances });
const named = (...identities: string[]): Serving => ({ identities });

describe('a restart', () => {
  it('is proven by a new instance', () => {
    expect(proofWith(seen(idOf(0)), seen(idOf(1))).proven).toBe(true);
    expect(proofWith(seen(idOf(0)), seen(idOf(0), idOf(1))).proven).toBe(true);
  });

  it('goes by the key of an instance, whatever its label', () => {
    const old = idOf(0);
    expect(proofWith(seen(old), seen({ ...old, key: 'another' })).proven).toBe(true);
    expect(proofWith(seen(old), seen({ ...old, label: 'another', process: 9 })).proven).toBe(false);
  });

  it('is proven by an identity that was never seen before', () => {
    expect(proofWith(named('a'), named('b')).proven).toBe(true);
    expect(proofWith(named('a'), named('a', 'b')).proven).toBe(true);
    expect(proofWith(named('a', 'b'), named('b')).proven).toBe(false);
    expect(proofWith(named('a'), named('b'), named('b'), named('a')).proven).toBe(false);
  });

  it.each([
    [
      'the same process serves',
      seen(idOf(0)),
      seen(idOf(0)),
      'the same process (pid 100) served',
      'ignore it in silence',
    ],
    ['the same identity answers', named('a'), named('a'), 'the same identity (a) answered', 'target.identity'],
    ['nothing could be seen', {}, {}, 'could not be seen who serves', 'target.identity.header'],
    ['nothing was seen before', {}, seen(idOf(1)), 'could not be seen who serves', 'target.identity.header'],
    ['nobody serves afterwards', seen(idOf(0)), {}, 'no instance was seen to serve', 'output'],
    ['it broke off', seen(idOf(0)), null, 'did not get so far', 'interrupted'],
  ])('is not proven when %s', (_, before, after, reason, hint) => {
    const proof = proofWith(before, after);
    expect(proof).toMatchObject({
      proven: false,
      reason: expect.stringContaining(reason),
      hint: expect.stringContaining(hint),
    });
  });

  it('that is not proven makes the run inconclusive, once for all of them', () => {
    const judgement = judged({ serving: () => ({ instances: [idOf(0)], identities: [] }) });
    expect(judgement.result.verdict).toBe('inconclusive');
    expect(codesOf(judgement)).toEqual(['restart-not-proven']);
    expect(judgement.result.findings[0]?.message).toBe(
      'It is not proven that restarts 1 and 2 of 2 happened: the same process (pid 100) served before and after.',
    );
    expect(judgement.result.arms[0]?.confidence).toMatchObject({ restarts: 0, dirtyUpper95: 1 });
  });
});

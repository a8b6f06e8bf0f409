import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/model/event.ts';
import { summaryText } from '../../../../src/report/text/terminal.ts';
import { viewOf } from '../../../../src/report/view/view-of.ts';
import { judged, scenarioOf, story } from '../../log.ts';

const REUSED = { connection: 'reused', connections: 8, rate: '100/s' };
const scenario = (others: Record<string, unknown> = {}) =>
  scenarioOf(2, { traffic: { arrivals: { ka: REUSED, ...others } } });
/** A target that ends each connection after its answer: every request opens one, whatever the stream asked for. */
const closing = (stream: string, untilMs = 5000): Event[] =>
  Array.from({ length: untilMs / 10 }, (_, seq) => ({
    kind: 'answered',
    session: 0,
    stream,
    seq: [seq],
    lateUs: [0],
    waitUs: [100],
    firstByteUs: [1000],
    latencyUs: [1000],
    connection: [seq],
  }));
const never = { name: 'ka', connection: 'reused', fate: () => null } as const;

describe('a stream that never reused a connection', () => {
  it('proves nothing, and the arm neither when it has no other', () => {
    const { result } = judged({ scenario: scenario(), streams: [never], more: closing('ka') });
    expect(result.findings).toMatchObject([
      {
        code: 'never-reused',
        severity: 'inconclusive',
        message:
          'The stream `ka` never reused a connection: the target closed each after its answer (500 answers). ' +
          'Nothing is proven about kept-alive connections.',
      },
    ]);
  });

  it('is said beside a pass that others bear out', () => {
    const fresh = { rate: '100/s', connection: 'new' };
    const judgement = judged({ scenario: scenario({ fresh }), streams: [never, {}], more: closing('ka') });
    expect(judgement.result).toMatchObject({ verdict: 'pass', findings: [{ code: 'never-reused', severity: 'note' }] });
    expect(summaryText(viewOf(judgement), { color: false })).toContain('never reused a connection');
  });

  it('is not meant where one connection carried two', () => {
    expect(judged({ scenario: scenario(), streams: [{ name: 'ka', connection: 'reused' }] }).result.findings).toEqual(
      [],
    );
  });
});

describe('what follows on the connection of a request in flight', () => {
  it('is counted and said apart', () => {
    const of = (sentinel: 'in-flight' | 'in-flight-next', restart: number, index: number): Event => ({
      kind: 'sentinel',
      session: 0,
      restart,
      sentinel,
      index,
      outcome: sentinel === 'in-flight' ? 'answered' : 'rejected',
      story: story(2000 * restart + 1050, 1, { note: 'status 503, expected 200 to 399' }),
    });
    const more = [0, 1].flatMap((restart) =>
      [0, 1].flatMap((index) => [of('in-flight', restart, index), of('in-flight-next', restart, index)]),
    );
    const { result } = judged({ more, sentinelsDue: 8 });
    expect(result.arms[0]?.sentinels).toMatchObject({
      'in-flight': { due: 4, answered: 4, rejected: 0 },
      'in-flight-next': { due: 4, answered: 0, rejected: 4 },
    });
    expect(result.findings[0]?.message).toContain(
      '4 of them followed requests in flight, which were answered, on the same connection',
    );
  });
});

/** The client against a server that misbehaves a known number of times and counts itself: the counts are equal. */
import { describe, expect, it } from 'vitest';
import { noCounts, count, type Outcome } from '../../src/model/outcome.ts';
import { outcomeOf } from '../../src/traffic/classify.ts';
import type { Observation } from '../../src/traffic/client.ts';
import { openWireClient } from '../../src/traffic/http1/client.ts';
import { BODY, clientOptions, load, startMisbehaving } from './wire-load.ts';

const OUTCOME_OF_MISDEED: Record<string, Outcome> = {
  good: 'answered',
  fin: 'closed',
  'half-close': 'closed',
  'late-fin': 'closed',
  rst: 'reset',
  'late-rst': 'reset',
  'cut-head': 'truncated',
  'cut-after-100': 'truncated',
  'cut-length': 'truncated',
  'cut-chunked': 'truncated',
  'cut-until-close': 'truncated',
  'good-until-close': 'answered',
  'rst-in-body': 'reset',
  'rst-until-close': 'reset',
  stall: 'timeout',
  'stall-body': 'timeout',
  503: 'rejected',
  429: 'rejected',
  500: 'failed',
  'wrong-body': 'failed',
  'wrong-until-close': 'failed',
  'not-http': 'failed',
  'extra-bytes': 'failed',
};
const MISDEEDS = Object.keys(OUTCOME_OF_MISDEED);
const TIMES = 20;

describe.each(['new', 'reused'] as const)('on %s connections', (connection) => {
  it('counts every misdeed as what it was, and repeats nothing', async () => {
    // A good answer before each misdeed, so that most misdeeds meet a connection that had been used.
    const misdeeds = MISDEEDS.flatMap((misdeed) => ['good', misdeed]);
    const server = await startMisbehaving(misdeeds);
    const deadlines = { totalMs: 5000, connectMs: 5000, headMs: 1000, bodyMs: 1000 };
    const { counts, observations } = await load(
      clientOptions(server.origin, { connection, deadlines }),
      misdeeds.length * TIMES,
      16,
    );
    const confession = await server.confess();

    const expected = noCounts();
    for (const misdeed of MISDEEDS) {
      expect(confession[misdeed]).toBe(misdeed === 'good' ? (MISDEEDS.length + 1) * TIMES : TIMES);
      count(expected, OUTCOME_OF_MISDEED[misdeed] as Outcome, confession[misdeed]);
    }
    expect(counts).toEqual(expected);
    expect(confession.requests).toBe(observations.length);
    expect(confession.connections).toBe(new Set(observations.map((seen) => seen.connection)).size);
    if (connection === 'new') expect(confession.connections).toBe(confession.requests);
    for (const seen of observations) {
      if (seen.complete && seen.status === 200) expect(seen.bytesRead).toBeGreaterThan(BODY.length - 8);
    }
  });
});

describe.each(['fin', 'half-close', 'rst', 'late-fin', 'late-rst'])(
  '%s after reading a request on a connection that had been used',
  (misdeed) => {
    it('is held against the server every time, and never taken for the keep-alive race', async () => {
      const server = await startMisbehaving(['good', misdeed]);
      const { counts, observations } = await load(clientOptions(server.origin), 1000, 1);
      const confession = await server.confess();
      expect(observations.filter((seen) => !seen.complete && (seen.uses ?? 0) > 0)).toHaveLength(500);
      expect(counts[OUTCOME_OF_MISDEED[misdeed] as Outcome]).toBe(confession[misdeed]);
      expect(counts).toMatchObject({ answered: 500, raced: 0, lost: 500, due: 1000 });
    });
  },
);

describe.each(['close-after', 'reset-after'])(
  '%s: a connection that ended unannounced before the request was written',
  (misdeed) => {
    it('is the keep-alive race every time', async () => {
      const server = await startMisbehaving([misdeed]);
      let answers = 0;
      const { counts, observations } = await load(clientOptions(server.origin), 1000, 1, (seen) => {
        if (!seen.complete) return;
        answers += 1;
        // The event loop is held up here, so that the end has arrived and nobody has told us.
        while (server.ended() < answers);
      });
      const confession = await server.confess();
      expect(counts).toMatchObject({ due: 1000, answered: 500, raced: 500, lost: 0 });
      // The server never read the other half.
      expect(confession.requests).toBe(counts.answered);
      for (const seen of observations) {
        if (!seen.complete) expect(seen).toMatchObject({ unread: true, bytesRead: 0, uses: 1 });
      }
    });

    it('is not met at all once the client has been told of the end', async () => {
      const server = await startMisbehaving([misdeed]);
      const options = clientOptions(server.origin);
      const client = openWireClient(options);
      for (let round = 0; round < 50; round++) {
        const seen = await new Promise<Observation>((resolve) => client.send(options.now(), resolve));
        expect(outcomeOf(seen, options.request.expect).outcome).toBe('answered');
        while (client.open > 0) await new Promise((resolve) => setImmediate(resolve));
      }
      client.close();
      expect((await server.confess()).connections).toBe(50);
    });
  },
);

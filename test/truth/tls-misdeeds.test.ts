/**
 * The client through TLS against a server that misbehaves a known number of times, in the handshake and after it: the
 * counts are equal, in TLS 1.2 and 1.3.
 */
import { describe, expect, it } from 'vitest';
import { noCounts, count, type Outcome } from '../../src/model/outcome.ts';
import { selfSigned } from '../../src/processes/certificate.ts';
import { outcomeOf } from '../../src/traffic/classify.ts';
import { clientOptions, load, startMisbehaving, type MisbehavingTls } from './wire-load.ts';

const certified = selfSigned();
const trusting = { ca: certified.cert };
const tlsOf = (version: string, handshakes: readonly string[] = ['done']): MisbehavingTls => ({
  options: { ...certified, minVersion: version, maxVersion: version },
  handshakes,
});

const OUTCOME_OF_MISDEED: Record<string, Outcome> = {
  good: 'answered',
  fin: 'closed',
  'half-close': 'closed',
  'late-fin': 'closed',
  notify: 'closed',
  rst: 'reset',
  'late-rst': 'reset',
  'notify-and-rst': 'reset',
  'cut-head': 'truncated',
  'cut-length': 'truncated',
  'cut-chunked': 'truncated',
  'cut-until-close': 'truncated',
  'good-until-close': 'answered',
  'whole-without-notify': 'truncated',
  'rst-in-body': 'reset',
  stall: 'timeout',
  'stall-body': 'timeout',
  503: 'rejected',
  500: 'failed',
  'wrong-body': 'failed',
  'not-http': 'failed',
};
const MISDEEDS = Object.keys(OUTCOME_OF_MISDEED);
const TIMES = 10;

describe.each(['TLSv1.2', 'TLSv1.3'])('%s', (version) => {
  it.each([
    ['new', false],
    ['new', true],
    ['reused', false],
  ] as const)(
    'counts every misdeed on %s connections as what it was (full handshakes: %s)',
    async (connection, full) => {
      const misdeeds = MISDEEDS.flatMap((misdeed) => ['good', misdeed]);
      const server = await startMisbehaving(misdeeds, tlsOf(version));
      const deadlines = { totalMs: 8000, connectMs: 8000, headMs: 1000, bodyMs: 1000 };
      const tls = { ...trusting, fullHandshakes: full };
      const { counts, observations } = await load(
        clientOptions(server.origin, { connection, deadlines, tls }),
        misdeeds.length * TIMES,
        8,
      );
      const confession = await server.confess();
      const expected = noCounts();
      for (const misdeed of MISDEEDS) count(expected, OUTCOME_OF_MISDEED[misdeed] as Outcome, confession[misdeed]);
      expect(counts).toEqual(expected);
      expect(confession.requests).toBe(observations.length);
      for (const seen of observations) expect(seen.during).toBeUndefined();
    },
  );

  it('counts each fault in mid-handshake, and says where it was', async () => {
    const handshakes = ['done', 'handshake-fin', 'handshake-rst', 'handshake-alert', 'handshake-stall'];
    const server = await startMisbehaving(['good'], tlsOf(version, handshakes));
    const deadlines = { totalMs: 8000, connectMs: 1000, headMs: 5000, bodyMs: 5000 };
    const options = clientOptions(server.origin, { connection: 'new', deadlines, tls: trusting });
    const { counts, observations } = await load(options, 100);
    const confession = await server.confess();
    expect(confession.connections).toBe(100);
    expect(counts).toMatchObject({ answered: 20, closed: 20, reset: 20, failed: 20, timeout: 20 });
    expect(confession.requests).toBe(20);
    for (const seen of observations) {
      expect(seen.during).toBe(seen.complete ? undefined : 'handshake');
      const { outcome, note } = outcomeOf(seen, {});
      if (outcome === 'failed') expect(note).toContain('handshake failure');
      else if (!seen.complete) expect(note).toContain('in the TLS handshake');
    }
  });

  it.each(['close-after', 'notify-after', 'reset-after'])(
    '%s: a connection that ended before the request was written is the keep-alive race every time',
    async (misdeed) => {
      const server = await startMisbehaving([misdeed], tlsOf(version));
      let answers = 0;
      const { counts } = await load(clientOptions(server.origin, { tls: trusting }), 400, 1, (seen) => {
        if (!seen.complete) return;
        answers += 1;
        // The event loop is held up here, so that the end has arrived and nobody has reported it.
        const giveUpMs = performance.now() + 2000;
        while (server.ended() < answers) if (performance.now() > giveUpMs) throw new Error('it did not end');
      });
      const confession = await server.confess();
      expect(counts).toMatchObject({ due: 400, answered: 200, raced: 200, lost: 0 });
      expect(confession.requests).toBe(200);
    },
  );

  it.each(['fin', 'half-close', 'notify', 'notify-and-rst', 'notify-rst', 'late-fin'])(
    '%s after reading a request on a connection that had been used is never taken for the race',
    async (misdeed) => {
      const server = await startMisbehaving(['good', misdeed], tlsOf(version));
      const { counts } = await load(clientOptions(server.origin, { tls: trusting }), 200, 1);
      await server.confess();
      expect(counts).toMatchObject({ answered: 100, raced: 0, lost: 100, due: 200 });
    },
  );

  it('says why a certificate is not accepted', async () => {
    const server = await startMisbehaving(['good'], tlsOf(version));
    const { counts, observations } = await load(clientOptions(server.origin, { tls: {} }), 5, 1);
    const confession = await server.confess();
    expect(counts).toMatchObject({ failed: 5, lost: 0 });
    expect(confession.requests).toBe(0);
    for (const seen of observations) {
      expect(outcomeOf(seen, {}).note).toBe(
        'TLS: the certificate of the target is not accepted: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)',
      );
    }
  });

  it('resumes sessions as browsers do, unless full handshakes are asked for', async () => {
    for (const fullHandshakes of [false, true]) {
      const server = await startMisbehaving(['good'], tlsOf(version));
      const tls = { ...trusting, fullHandshakes };
      const { counts, observations } = await load(clientOptions(server.origin, { connection: 'new', tls }), 20, 1);
      await server.confess();
      expect(counts.answered).toBe(20);
      const resumed = observations.filter((seen) => seen.resumed === true).length;
      if (fullHandshakes) expect(resumed).toBe(0);
      else expect(resumed).toBeGreaterThan(15);
    }
  });
});

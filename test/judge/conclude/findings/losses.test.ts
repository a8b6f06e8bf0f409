import { describe, expect, it } from 'vitest';
import type { Event, Story } from '../../../../src/model/event.ts';
import type { Outcome } from '../../../../src/model/outcome.ts';
import type { SentinelName } from '../../../../src/model/sentinel.ts';
import { codesOf, judged, scenarioOf, sinceSignal, story } from '../../log.ts';

const inWindows = (outcome: Outcome, fromMs: number, toMs: number) => (dueMs: number) =>
  sinceSignal(dueMs, fromMs, toMs) ? outcome : 1;
const strategy = (name: string) => scenarioOf(2, { restart: { strategy: name, count: 2, quiet: '1s' } });

describe('lost requests', () => {
  it('fail the arm, in words that say how many, how, where and what to do', () => {
    const fate = (dueMs: number) => (dueMs === 3210 ? 'reset' : inWindows('refused', 100, 200)(dueMs));
    const { result } = judged({ fate });
    expect(result.verdict).toBe('fail');
    expect(result.findings).toEqual([
      {
        code: 'requests-lost',
        severity: 'fail',
        arm: 'default',
        message:
          '21 requests were lost in 2 of 2 restarts: 20 refused and 1 reset; 20 of them when the old instance ' +
          'was gone; the worst was restart 2 with 11.',
        hint: expect.stringContaining('stop-start has this gap by design'),
      },
    ]);
    expect(result.arms[0]?.thresholds).toContainEqual({
      name: 'lost',
      limit: 0,
      measured: 21,
      unit: 'requests',
      ok: false,
    });
  });

  it('of one restart name it', () => {
    const { result } = judged({ fate: (dueMs) => (dueMs === 3110 ? 'closed' : 1) });
    expect(result.findings[0]).toMatchObject({
      restart: 1,
      message: '1 request was lost in 1 of 2 restarts: closed; all of them when the old instance was gone.',
    });
  });

  it('are tolerated up to the threshold', () => {
    const scenario = scenarioOf(2, { thresholds: { lost: 20 } });
    expect(judged({ scenario, fate: inWindows('refused', 100, 200) }).result).toMatchObject({
      verdict: 'pass',
      findings: [],
    });
    expect(judged({ scenario, fate: inWindows('refused', 100, 210) }).result.findings[0]?.message).toContain(
      '20 would have been tolerated',
    );
  });

  it.each([
    ['the front door said so itself', {}, 'terminationGracePeriodSeconds'],
    ['an instance said so', { identity: 0 }, 'unexpected status or body'],
  ])('behind a front door, with a 502, get a hint that knows whether %s', (_, more: Partial<Story>, hint) => {
    const scenario = scenarioOf(2, {
      target: { command: 'node server.mjs', identity: { header: 'x-instance' } },
      fleet: { replicas: 3 },
      restart: { strategy: 'rolling', count: 2, quiet: '1s' },
    });
    const events: Event[] = [
      { kind: 'identity', session: 0, index: 0, value: 'one' },
      {
        kind: 'failure',
        session: 0,
        stream: 'fresh',
        seq: 120,
        outcome: 'failed',
        story: story(1200, 1, { status: 502, ...more }),
      },
    ];
    const { findings } = judged({ scenario, fate: (dueMs) => (dueMs === 1200 ? null : 1), more: events }).result;
    expect(findings.find(({ code }) => code === 'requests-failed')?.hint).toContain(hint);
  });

  it.each([
    [
      'raced',
      'requests-raced',
      { stream: 'unprocessed', note: 'not processed: GOAWAY' },
      /send GOAWAY with 2\^31-1 first/,
    ],
    ['closed', 'requests-lost', { stream: 'left' }, /Send GOAWAY and answer the streams/],
    ['reset', 'requests-lost', { stream: 'reset' }, /Send GOAWAY and answer the streams/],
  ] as const)('in HTTP/2, %s, get a hint of HTTP/2', (outcome, code, more, hint) => {
    const scenario = scenarioOf(2, { traffic: { client: { kind: 'http2' } } });
    const seen: Event = {
      kind: 'failure',
      session: 0,
      stream: 'fresh',
      seq: 120,
      outcome,
      story: story(1200, 1, { ending: 'open', ...more }),
    };
    const { findings } = judged({ scenario, fate: (dueMs) => (dueMs === 1200 ? null : 1), more: [seen] }).result;
    expect(findings.find((finding) => finding.code === code)?.hint).toMatch(hint);
  });

  it.each([
    ['refused', 'socket-activation', 'LISTEN_FDS'],
    ['refused', 'signal-handoff', 'inherit the socket'],
    ['refused', 'some-other', 'Hand the listening socket over'],
    ['reset', 'stop-start', 'accept queue'],
    ['closed', 'stop-start', 'requests in flight'],
    ['truncated', 'stop-start', 'longest download'],
    ['timeout', 'stop-start', 'nobody accepts'],
    ['timeout', 'reload-workers', 'a heartbeat'],
    ['timeout', 'socket-activation', 'LISTEN_PID'],
    ['reset', 'rolling', 'preStop'],
    ['rejected', 'rolling', 'let the readiness probe fail until'],
    ['rejected', 'rolling', 'preStop'],
    ['rejected', 'blue-green', 'make restart.blue_green.drain longer'],
    ['refused', 'systemd', 'a socket unit'],
    ['refused', 'supervisor', 'supervisorctl signal HUP'],
  ] as const)('when %s under %s get a hint of their own', (outcome, name, hint) => {
    expect(judged({ scenario: strategy(name), fate: inWindows(outcome, 0, 20) }).result.findings[0]?.hint).toContain(
      hint,
    );
  });

  it.each([
    ['raced', 'requests-raced', 'were raced', 'Connection: close'],
    ['rejected', 'requests-rejected', 'were rejected', '503 or 429'],
    ['failed', 'requests-failed', 'were answered wrongly', 'unexpected status or body'],
  ] as const)('%s have a threshold and a finding of their own', (outcome, code, said, hint) => {
    const judgement = judged({ fate: inWindows(outcome, 0, 20) });
    expect(codesOf(judgement)).toEqual([code]);
    expect(judgement.result.findings[0]).toMatchObject({
      severity: 'fail',
      message: expect.stringContaining(`4 requests ${said} in 2 of 2 restarts`),
      hint: expect.stringContaining(hint),
    });
    expect(
      judged({ scenario: scenarioOf(2, { thresholds: { [outcome]: 4 } }), fate: inWindows(outcome, 0, 20) }).result
        .verdict,
    ).toBe('pass');
  });

  it('include sentinels', () => {
    const more: Event[] = [
      {
        kind: 'sentinel',
        session: 0,
        restart: 1,
        sentinel: 'in-flight',
        index: 0,
        outcome: 'closed',
        story: story(2900, 150),
      },
    ];
    const { result } = judged({ more, sentinelsDue: 1 });
    expect(result.findings[0]).toMatchObject({
      code: 'requests-lost',
      restart: 1,
      message: expect.stringContaining('1 of them was a sentinel'),
    });
    expect(result.arms[0]?.restarts.map(({ requests }) => requests.closed)).toEqual([0, 1]);
    expect(result.arms[0]?.requests.lost).toBe(0);
  });
});

describe('what the reader is told besides', () => {
  const sentinel = (index: number, outcome: Outcome, more: Partial<Story>): Event => ({
    kind: 'sentinel',
    session: 0,
    restart: 0,
    sentinel: 'idle',
    index,
    outcome,
    story: story(1000, 1, more),
  });

  it('is what was wrong with most answers, in words', () => {
    const more = [
      { note: 'status 500, expected 200 to 399' },
      { note: 'body: 5 of 12 bytes' },
      { note: 'body: 5 of 12 bytes' },
    ].map((why, index) => sentinel(index, 'failed', why));
    expect(judged({ more, sentinelsDue: 3 }).result.findings[0]?.message).toMatch(
      / For example: body: 5 of 12 bytes\.$/,
    );
  });

  it('knows lost sessions from other wrong answers', () => {
    const hintOf = (...names: ('session' | 'idle')[]): string => {
      const more = names.map((name, index): Event => ({
        kind: 'sentinel',
        session: 0,
        restart: 0,
        sentinel: name,
        index,
        outcome: 'failed',
        story: story(1000),
      }));
      return judged({ more, sentinelsDue: names.length }).result.findings[0]?.hint ?? '';
    };
    expect(hintOf('session', 'session')).toContain('a store such as Redis');
    expect(hintOf('session', 'idle')).toContain('unexpected status or body');
  });

  it.each([
    ['websocket', 'closed', 'close frame'],
    ['http2', 'reset', 'GOAWAY'],
    ['tls', 'closed', 'finish their handshake'],
    ['in-flight', 'closed', 'with requests in flight'],
  ] as const)('knows how a connection like that of %s ends well', (name, outcome, hint) => {
    const hintOf = (...names: SentinelName[]): string => {
      const more = names.map((sentinel, index): Event => ({
        kind: 'sentinel',
        session: 0,
        restart: 0,
        sentinel,
        index,
        outcome,
        story: story(1000),
      }));
      return judged({ more, sentinelsDue: names.length }).result.findings[0]?.hint ?? '';
    };
    expect(hintOf(name, name)).toContain(hint);
    // Beside another kind of loss each has its own.
    expect(hintOf(name, 'in-flight')).toContain(hint);
  });

  it('knows resets of kept-alive connections from those of new ones', () => {
    const hintOf = (uses: number): string =>
      judged({ more: [sentinel(0, 'reset', { uses })], sentinelsDue: 1 }).result.findings[0]?.hint ?? '';
    expect(hintOf(3)).toContain('Connection: close');
    expect(hintOf(0)).toContain('accept queue');
  });
});

describe('what could not connect in time', () => {
  it('gets a hint about the queue of the listening socket, not about one who accepted and did not answer', () => {
    const hintOf = (ending: Story['ending']): string => {
      const events: Event[] = [
        {
          kind: 'failure',
          session: 0,
          stream: 'fresh',
          seq: 120,
          outcome: 'timeout',
          story: story(1200, 1000, { ending, deadline: 'total' }),
        },
      ];
      return judged({ fate: (dueMs) => (dueMs === 1200 ? null : 1), more: events }).result.findings[0]?.hint ?? '';
    };
    expect(hintOf('never')).toContain('a longer backlog');
    expect(hintOf('open')).not.toContain('backlog');
  });
});

describe('losses in quiet time', () => {
  const everyTenth = (_: number, seq: number): Outcome | number => (seq % 10 === 5 ? 'raced' : 1);

  it('at the same rate as in restarts are noise', () => {
    const judgement = judged({ fate: everyTenth });
    expect(judgement.result.verdict).toBe('inconclusive');
    expect(codesOf(judgement)).toEqual(['noise-without-restart']);
    expect(judgement.result.findings[0]?.message).toBe(
      'The target loses as many requests without a restart: 20 requests raced in restarts, where the ' +
        'quiet-time rate (30) predicts 20.3.',
    );
  });

  it('do not excuse restarts that lose far more', () => {
    const judgement = judged({
      fate: (dueMs, seq) => (sinceSignal(dueMs, 100, 500) ? 'raced' : everyTenth(dueMs, seq)),
    });
    expect(judgement.result.verdict).toBe('fail');
    expect(codesOf(judgement)).toEqual(['requests-raced', 'lost-in-quiet-time']);
  });

  it('do not excuse another class', () => {
    const judgement = judged({ fate: (dueMs, seq) => (dueMs === 1010 ? 'refused' : everyTenth(dueMs, seq)) });
    expect(codesOf(judgement)).toEqual(['requests-lost', 'noise-without-restart']);
  });

  it('do not excuse sentinels, which are not sent then', () => {
    const more: Event[] = [
      { kind: 'sentinel', session: 0, restart: 0, sentinel: 'idle', index: 0, outcome: 'raced', story: story(1000) },
    ];
    expect(judged({ fate: everyTenth, more, sentinelsDue: 1 }).result.verdict).toBe('fail');
  });

  it('alone are inconclusive', () => {
    const judgement = judged({ fate: (dueMs) => (dueMs === 500 ? 'reset' : 1) });
    expect(judgement.result.verdict).toBe('inconclusive');
    expect(judgement.result.findings[0]).toMatchObject({
      code: 'lost-in-quiet-time',
      message: 'Of 298 requests that no restart touched, 1 was lost.',
    });
  });

  it('are tolerated as far as those of restarts are', () => {
    const fate = (dueMs: number) => (dueMs === 500 || dueMs === 1010 ? 'reset' : 1);
    expect(judged({ fate, scenario: scenarioOf(2, { thresholds: { lost: 2 } }) }).result.verdict).toBe('pass');
    expect(judged({ fate, scenario: scenarioOf(2, { thresholds: { lost: 1 } }) }).result.verdict).toBe('inconclusive');
  });
});

import { describe, expect, it } from 'vitest';
import { strategyNames } from '../../src/model/strategies/registry.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { fileOf, refusalOf } from './files.ts';

const problemsOf = async (text: string): Promise<readonly string[]> =>
  (await refusalOf(() => loadScenario(fileOf(text)))).details;

/** The problems of a sound scenario with one part replaced; the part begins in line 2. */
const HEAD = 'name: a\n';
const sound = { target: 'target: {command: ./server}\n', restart: 'restart: {strategy: stop-start}\n', other: '' };
const withPart = (part: Partial<typeof sound>): string => {
  const [[changed, text]] = Object.entries(part) as [[string, string]];
  const rest = Object.entries(sound).filter(([name]) => name !== changed);
  return `${HEAD}${text}\n${rest.map(([, unchanged]) => unchanged).join('')}`;
};

describe('all problems of a file', () => {
  it('are told at once, by line', async () => {
    const path = fileOf(`nam: x
target:
  comand: node server.mjs
  healthcheck: {interval: 5}
  stop_signl: SIGTERM
restart:
  strategy: stop-strat
traffic:
  arrivals:
    fresh: {rate: 500}
thresholds: {lost: none}
`);
    const refusal = await refusalOf(() => loadScenario(path));
    expect(refusal).toMatchObject({ code: 'bad-scenario', exitCode: 64, message: `${path} has 7 problems` });
    expect(refusal.hint).toBe('Correct this and run again; zerodrop validate FILE checks without running anything.');
    expect(refusal.details).toEqual([
      'nam (line 1): unknown field; did you mean "name"?',
      'target.comand (line 3): unknown field; did you mean "command"?',
      'target.healthcheck.interval (line 4): expected a duration with its unit, such as 250ms; got 5 (a ' +
        'number): 5ms or 5s?',
      'target.stop_signl (line 5): unknown field; did you mean "stop_signal"?',
      `restart.strategy (line 7): expected the name of a strategy (${strategyNames().join(', ')}) ` +
        'or a list of steps; got "stop-strat" (text); did you mean ' +
        '"stop-start"?',
      'traffic.arrivals.fresh.rate (line 10): expected a rate above zero, such as 500/s; got 500 (a number): 500/s?',
      'thresholds.lost (line 11): expected a whole number, got "none" (text)',
    ]);
  });
});

describe('one problem, by its kind', () => {
  it.each<[string, Partial<typeof sound>, string[]]>([
    ['nothing at all', { target: 'target:' }, ['target (line 2): expected a map, got nothing']],
    ['a missing part', { restart: '' }, ['restart (line 1): expected a map, got nothing']],
    [
      'a missing field',
      { restart: 'restart: {count: 3}' },
      ['restart.strategy (line 2): expected the name of a strategy, or a list of steps; got nothing'],
    ],
    [
      'no command',
      { target: 'target: {working_dir: .}' },
      [
        'target.command (line 2): expected a command that starts the target, or the url of one that already ' +
          'runs; got nothing',
      ],
    ],
    [
      'an unknown field without a near name',
      { target: 'target: {command: x, zzz: 1}' },
      [
        'target.zzz (line 2): unknown field; expected one of command, build, working_dir, environment, url, ' +
          'kubernetes, insecure_skip_verify, ca, client_certificate, server_name, healthcheck, stop_signal, ' +
          'stop_grace_period, identity, pid_file',
      ],
    ],
    [
      'a field at the wrong place',
      { other: 'strategy: stop-start' },
      ['strategy (line 2): unknown field; did you mean "restart.strategy"?'],
    ],
    [
      'another case',
      { target: 'target: {command: x, stopSignal: TERM}' },
      ['target.stopSignal (line 2): unknown field; did you mean "stop_signal"?'],
    ],
    [
      'a number for text',
      { target: 'target: {command: x, pid_file: 5}' },
      ['target.pid_file (line 2): expected text, got 5 (a number): "5" in quotes?'],
    ],
    ['a list for a map', { target: 'target: [x]' }, ['target (line 2): expected a map, got a list']],
    [
      'no kind of command',
      { target: 'target: {command: 5}' },
      ['target.command (line 2): expected text or a list or a map, got 5 (a number)'],
    ],
    [
      'a misspelt shell command',
      { target: 'target: {command: {shel: x}}' },
      ['target.command.shel (line 2): unknown field; did you mean "shell"?'],
    ],
    [
      'an empty command',
      { target: 'target: {command: ""}' },
      ['target.command (line 2): expected a command, got "" (text)'],
    ],
    [
      'a signal',
      { target: 'target: {command: x, stop_signal: SIGTRM}' },
      [
        'target.stop_signal (line 2): expected the name of a signal, such as SIGTERM; got "SIGTRM" (text); did ' +
          'you mean "SIGTERM"?',
      ],
    ],
    [
      'a duration as text without unit',
      { restart: 'restart: {strategy: stop-start, quiet: "5"}' },
      ['restart.quiet (line 2): expected a duration with its unit, such as 250ms; got "5" (text): 5ms or 5s?'],
    ],
    [
      'a duration with an unknown unit',
      { restart: 'restart: {strategy: stop-start, quiet: 5 days}' },
      ['restart.quiet (line 2): expected a duration with its unit, such as 250ms; got "5 days" (text)'],
    ],
    [
      'a percentage without sign',
      { restart: 'restart: {strategy: stop-start, until: {dirty_restarts_below: 5}}' },
      ['restart.until.dirty_restarts_below (line 2): expected a percentage from 0% to 100%, got 5 (a number): 5%?'],
    ],
    [
      'a percentage above all',
      { restart: 'restart: {strategy: stop-start, until: {dirty_restarts_below: 500%}}' },
      ['restart.until.dirty_restarts_below (line 2): expected a percentage from 0% to 100%, got "500%" (text)'],
    ],
    [
      'a rate of zero',
      { other: 'traffic: {arrivals: {a: {rate: 0/s}}}' },
      ['traffic.arrivals.a.rate (line 2): expected a rate above zero, such as 500/s; got "0/s" (text)'],
    ],
    [
      'half a restart',
      { restart: 'restart: {strategy: stop-start, count: 1.5}' },
      ['restart.count (line 2): expected a whole number, got 1.5 (a number)'],
    ],
    [
      'too few',
      { restart: 'restart: {strategy: stop-start, count: 0}' },
      ['restart.count (line 2): expected at least 1, got 0 (a number)'],
    ],
    [
      'too many',
      { restart: 'restart: {strategy: stop-start, count: 10001}' },
      ['restart.count (line 2): expected at most 10000, got 10001 (a number)'],
    ],
    [
      'one of a few',
      { other: 'expect: passed' },
      ['expect (line 2): expected one of pass, inconclusive, fail; got "passed" (text); did you mean "pass"?'],
    ],
    [
      'a verdict or a map, and neither',
      { other: 'expect: 5' },
      ['expect (line 2): expected one of pass, inconclusive, fail, or a map; got 5 (a number)'],
    ],
    [
      'a known end without a verdict',
      { other: 'expect: {findings: [spikes]}' },
      ['expect.verdict (line 2): expected one of pass, inconclusive, fail; got nothing'],
    ],
    [
      'an outcome',
      { other: 'expect: {verdict: fail, outcomes: [refsed]}' },
      [
        'expect.outcomes[0] (line 2): expected one of answered, refused, reset, closed, raced, truncated, ' +
          'timeout, rejected, failed, unsent; got "refsed" (text); did you mean "refused"?',
      ],
    ],
    [
      'the code of a finding',
      { other: 'expect: {verdict: fail, findings: [request-lost]}' },
      [
        expect.stringMatching(
          /^expect\.findings\[0\] \(line 2\): expected one of requests-lost, .*; got "request-lost" \(text\); did you mean "requests-lost"\?$/,
        ),
      ],
    ],
    [
      'the name of a program',
      { other: 'needs: ["go build"]' },
      ['needs[0] (line 2): expected the name of a program, got "go build" (text)'],
    ],
    [
      'a path',
      { other: 'traffic: {arrivals: {a: {rate: 1/s, path: health}}}' },
      ['traffic.arrivals.a.path (line 2): expected a path that begins with /, got "health" (text)'],
    ],
    [
      'a name of a stream',
      { other: 'traffic: {arrivals: {a b: {rate: 1/s}}}' },
      ['traffic.arrivals.a b (line 2): expected a name of letters, digits, dots, - and _; got "a b" (text)'],
    ],
    [
      'no stream',
      { other: 'traffic: {arrivals: {}}' },
      ['traffic.arrivals (line 2): expected at least one stream, got an empty map'],
    ],
    [
      'a sentinel',
      { other: 'traffic: {sentinels: {idel: 3}}' },
      ['traffic.sentinels.idel (line 2): unknown field; did you mean "idle"?'],
    ],
    [
      'a number or a map, and neither',
      { other: 'traffic: {sentinels: {idle: lots}}' },
      ['traffic.sentinels.idle (line 2): expected a whole number or a map, got "lots" (text)'],
    ],
    [
      'a number or a map, and a bad number',
      { other: 'traffic: {sentinels: {idle: 0}}' },
      ['traffic.sentinels.idle (line 2): expected at least 1, got 0 (a number)'],
    ],
    [
      'a number or a map, and a bad map',
      { other: 'traffic: {sentinels: {idle: {path: /}}}' },
      ['traffic.sentinels.idle.count (line 2): expected a whole number, got nothing'],
    ],
    [
      'a long text',
      { other: `expect: ${'x'.repeat(100)}` },
      [`expect (line 2): expected one of pass, inconclusive, fail; got "${'x'.repeat(40)}..." (text)`],
    ],
    [
      'a field twice',
      { other: 'thresholds:\n  lost: 0\n  lost: 1' },
      ['thresholds.lost (line 4): expected each field once, got a second one (the first is in line 3)'],
    ],
    [
      'arms without an arm',
      { other: 'arms: {}' },
      ['arms (line 2): expected a map of arms by their names, got an empty map'],
    ],
    ['arms in a list', { other: 'arms: [a]' }, ['arms (line 2): expected a map of arms by their names, got a list']],
    [
      'a name of an arm',
      { other: 'arms: {a b: {}}' },
      ['arms.a b (line 2): expected a name of letters, digits, dots, - and _; got "a b" (text)'],
    ],
    [
      'an arm that is no map',
      { other: 'arms: {a: stop-start}' },
      ['arms.a (line 2): expected a map of the fields that this arm changes, got "stop-start" (text)'],
    ],
  ])('%s', async (_, part, problems) => {
    expect(await problemsOf(withPart(part))).toEqual(problems);
  });
});

describe('a list of steps', () => {
  it('has its problems told step by step', async () => {
    const problems = await problemsOf(`name: a
target: {command: ./server}
restart:
  strategy:
    - strat
    - sleep
    - {slep: 1s}
    - ready: {within: 5}
    - start: {socket: inherit}
    - start: {}
      stop:
    - signal: 5
    - signal: SIGUSER2
    - run: {comand: x}
    - ready: 5s
    - {}
    - rollback: [start, {signal: {nam: x}}]
    - rollback: [{rollback: [start]}]
`);
    expect(problems).toEqual([
      'restart.strategy[0] (line 5): expected one of start, ready, stop, kill, exited, replaced, recycled, rollout, ' +
        'analyse; got "strat" (text); did you mean "start"?',
      'restart.strategy[1] (line 6): expected one of start, ready, stop, kill, exited, replaced, recycled, rollout, ' +
        'analyse; got "sleep" (text)',
      'restart.strategy[2].slep (line 7): unknown field; did you mean "sleep"?',
      'restart.strategy[3].ready.within (line 8): expected a duration with its unit, such as 250ms; got 5 (a ' +
        'number): 5ms or 5s?',
      'restart.strategy[4].start.socket (line 9): expected one of own, inherited; got "inherit" (text); did ' +
        'you mean "inherited"?',
      'restart.strategy[5] (line 10): expected a map with exactly one key, the name of the step; got a map',
      'restart.strategy[6].signal (line 12): expected the name of a signal, such as SIGTERM, or a map; got 5 ' +
        '(a number)',
      'restart.strategy[7].signal (line 13): expected the name of a signal, such as SIGTERM; got "SIGUSER2" ' +
        '(text); did you mean "SIGUSR2"?',
      'restart.strategy[8].run.comand (line 14): unknown field; did you mean "command"?',
      'restart.strategy[9].ready (line 15): expected nothing or a map, got "5s" (text)',
      'restart.strategy[10] (line 16): expected a map with exactly one key, the name of the step; got an empty map',
      'restart.strategy[11].rollback[1].signal.nam (line 17): unknown field; did you mean "name"?',
      'restart.strategy[12].rollback[0].rollback (line 18): unknown field; expected one of start, ready, ' +
        'signal, stop, kill, exited, replaced, recycled, freeze, sleep, run, route, rollout, analyse',
    ]);
  });

  it('is not empty', async () => {
    expect(await problemsOf(withPart({ restart: 'restart: {strategy: []}' }))).toEqual([
      'restart.strategy (line 2): expected a list that is not empty, got an empty list',
    ]);
  });
});

/** What `zerodrop try` derives from what it found: the scenario it runs, the one it saves, and its words. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { doubtsOf, nextSteps } from '../../src/commands/try/answers.ts';
import type { FoundServer, FoundService, Wishes } from '../../src/commands/try/found.ts';
import { ARMS, scenarioToTry } from '../../src/commands/try/plan.ts';
import { savedScenario } from '../../src/commands/try/saved-scenario.ts';
import { programIn, wordsOf } from '../../src/commands/try/words.ts';
import type { ScenarioSource } from '../../src/model/scenario.ts';
import { scenarioOf } from '../../src/run/load.ts';

const WISHES: Wishes = { ratePerSecond: 50, signal: 'SIGINT', count: 3, headers: { Authorization: 'Bearer x' } };
const SERVER: FoundServer = {
  kind: 'started',
  command: ['./api', '--title', 'two words'],
  heedsPort: true,
  heedsListenFds: false,
  opened: { host: '[::1]', port: 8080 },
  healthPath: '/healthz',
};
const SERVICE: FoundService = {
  kind: 'attached',
  origin: 'http://127.0.0.1:8080',
  healthPath: '/',
  command: ['systemctl', 'restart', 'api'],
};

describe('the scenario to try', () => {
  it('has a plain restart and two rollouts, with as many ends of an instance', () => {
    const { arms } = scenarioOf(scenarioToTry(SERVER, WISHES));
    expect(arms.map(({ name, restart }) => [name, restart.strategy, restart.count])).toEqual([
      [ARMS.restart, 'stop-start', 3],
      [ARMS.rollout, 'rolling', 2],
      [ARMS.preStop, 'rolling', 2],
    ]);
    expect(arms.map(({ fleet }) => fleet?.lifecycle.preStop)).toEqual([
      undefined,
      undefined,
      { sleep: { seconds: 3 } },
    ]);
    for (const { target, traffic } of arms) {
      expect(target.url).toBe('http://[::1]:${PORT}');
      expect(target.stop_signal).toBe('SIGINT');
      expect(Object.values(traffic.arrivals).map(({ path, headers }) => [path, headers])).toEqual(
        Array(2).fill(['/healthz', { Authorization: 'Bearer x' }]),
      );
    }
  });

  it('asks no rollout of a server that ignores PORT', () => {
    const { arms } = scenarioOf(scenarioToTry({ ...SERVER, heedsPort: false }, { ...WISHES, path: '/orders' }));
    expect(arms.map(({ name, target }) => [name, target.url])).toEqual([[ARMS.restart, 'http://[::1]:8080']]);
    expect(arms[0]?.traffic.arrivals['fresh']?.path).toBe('/orders');
    expect(arms[0]?.target.healthcheck.path).toBe('/healthz');
  });

  it('restarts a service that runs by its command', () => {
    const { arms } = scenarioOf(scenarioToTry(SERVICE, WISHES));
    expect(arms.map(({ target, restart }) => [target.url, restart.strategy, restart.command])).toEqual([
      ['http://127.0.0.1:8080', 'command', ['systemctl', 'restart', 'api']],
    ]);
  });
});

describe('the saved scenario', () => {
  it.each([
    ['a server that reads PORT', SERVER, 'rolling', /preStop|Deployment/],
    ['one that takes a socket over', { ...SERVER, heedsListenFds: true }, 'socket-activation', /LISTEN_FDS/],
    ['one that ignores PORT', { ...SERVER, heedsPort: false }, 'stop-start', /gap by design, so this fails/],
    ['a service that runs', SERVICE, 'command', /target\.identity/],
  ] as const)('of %s is valid, and says why it takes its strategy', (_, found, strategy, reason) => {
    const text = savedScenario(found, WISHES, 'api');
    const [arm] = scenarioOf(parse(text) as ScenarioSource).arms;
    expect(arm?.restart.strategy).toBe(strategy);
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('#'))
        .join('\n'),
    ).toMatch(reason);
    if (found.kind === 'started') expect(arm?.target.command).toEqual(found.command);
  });
});

describe('what to do next', () => {
  it('names the file that was saved, or how to save one', () => {
    expect(nextSteps(SERVICE, { arms: [] }, 'api.yaml').at(-1)).toBe('Run zerodrop run api.yaml');
    expect(nextSteps(SERVICE, { arms: [] }, undefined).at(-1)).toContain('--save');
  });

  it('says once why the numbers may not be trusted, and not that restarts were few', () => {
    const finding = { severity: 'inconclusive', arm: 'a', hint: '' } as const;
    const late = { ...finding, code: 'harness-late', message: 'It was late.' } as const;
    const few = { ...finding, code: 'too-few-restarts', message: 'Two are few.' } as const;
    expect(doubtsOf({ findings: [late, few, late] })).toEqual(['It was late.']);
  });
});

describe('the words of a command line', () => {
  it('are divided at two dashes for try alone', () => {
    expect(wordsOf(['try', '--rate', '5', '--', 'a', '--', 'b'])).toEqual({
      own: ['try', '--rate', '5'],
      command: ['a', '--', 'b'],
    });
    expect(wordsOf(['run', '--', '-odd.yaml'])).toEqual({ own: ['run', '--', '-odd.yaml'], command: [] });
  });

  it.each([
    [
      ['./api', '--flag'],
      ['./api', '--flag'],
    ],
    [['try', '../api'], ['../api']],
    [
      ['sh', 'start.sh'],
      ['sh', 'start.sh'],
    ],
    [['compare', 'a'], undefined],
    [['no-such-program-here'], undefined],
    [[], undefined],
  ])('%j start %j', (words, program) => {
    expect(programIn(words, process.env['PATH'])).toEqual(program);
  });
});

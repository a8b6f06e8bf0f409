import { describe, expect, it } from 'vitest';
import { loadScenario, scenarioOf } from '../../src/scenario/load.ts';
import { fileOf, LEAST, refusalOf } from './files.ts';

const problemsOf = async (text: string): Promise<readonly string[]> =>
  (await refusalOf(() => loadScenario(fileOf(text)))).details;

describe('an arm', () => {
  it('changes a part of what stands above: maps are merged, lists and scalars replaced, null takes away', () => {
    const { arms } = scenarioOf({
      ...LEAST,
      traffic: {
        arrivals: { a: { rate: '1/s', expect: { status: [200, 204] } }, b: { rate: '2/s' } },
        pressure: { connections: 3 },
        sentinels: { idle: 4 },
      },
      arms: {
        same: {},
        empty: null,
        other: {
          target: { command: ['node', 'b.mjs'], environment: { B: 1 } },
          traffic: {
            arrivals: { a: { expect: { status: [200] } }, b: null, c: { rate: '3/s' } },
            pressure: null,
            sentinels: { upload: 2 },
          },
          thresholds: { gap: null },
        },
      },
    });
    const [same, empty, other] = arms;
    expect({ ...empty, name: 'same' }).toEqual(same);
    expect(other?.target).toMatchObject({ command: ['node', 'b.mjs'], environment: { B: 1 } });
    expect(Object.keys(other?.traffic.arrivals ?? {})).toEqual(['a', 'c']);
    expect(other?.traffic.arrivals['a']).toMatchObject({ rate: 1, expect: { status: [200] } });
    expect(other?.traffic.pressure).toBeUndefined();
    expect(other?.traffic.sentinels).toEqual({ idle: { count: 4 }, upload: { count: 2 } });
  });

  it('may bring what is missing above', async () => {
    const scenario = await loadScenario(
      fileOf(`
name: a
traffic: {arrivals: {fresh: {path: /x}}}
arms:
  one: {target: {command: ./one}, restart: {strategy: stop-start}, traffic: {arrivals: {fresh: {rate: 1/s}}}}
  two: {target: {url: "http://127.0.0.1:80"}, restart: {strategy: signal-handoff},
    traffic: {arrivals: {fresh: {rate: 2/s}}}}
`),
    );
    expect(scenario.arms.map((arm) => arm.traffic.arrivals['fresh'])).toMatchObject([
      { path: '/x', rate: 1 },
      { path: '/x', rate: 2 },
    ]);
  });
});

describe('a problem', () => {
  it('of the base is told once, however many arms there are', async () => {
    const problems = await problemsOf(`name: a
target: {command: x, stop_signl: TERM}
restart: {strategy: stop-strat, quiet: 5}
arms:
  one: {}
  two: {restart: {count: 2}}
  three:
`);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'target.stop_signl (line 2)',
      'restart.quiet (line 3)',
      'restart.strategy (line 3)',
    ]);
  });

  it('of an arm is told there', async () => {
    const problems = await problemsOf(`name: a
target: {command: x}
restart: {strategy: stop-start}
arms:
  one:
    restart:
      strategy: [start, {slep: 1s}]
  two:
    traffic:
      arrivals:
        slow: {path: /slow}
    name: x
    target: {identiy: null, pid_file: null}
`);
    expect(problems).toEqual([
      'arms.one.restart.strategy[1].slep (line 7): unknown field; did you mean "sleep"?',
      'arms.two.traffic.arrivals.slow.rate (line 11): expected a rate above zero, such as 500/s; got nothing',
      'arms.two.name (line 12): unknown field; expected one of target, services, fleet, restart, traffic, ' +
        'thresholds, adversity, controls, expect',
      'arms.two.target.identiy (line 13): unknown field; did you mean "identity"?',
    ]);
  });

  it('that every arm shares belongs to the base, and one that an arm alone has belongs to that arm', async () => {
    expect(await problemsOf('name: a\narms:\n  one: {target: {command: x}}\n  two: {}\n')).toEqual([
      'restart (line 1): expected a map, got nothing',
      'arms.two.target (line 4): expected a map, got nothing',
    ]);
  });

  it('that arms correct is none', () => {
    expect(() =>
      scenarioOf({ ...LEAST, restart: { strategy: 'nonsense' }, arms: { a: { restart: { strategy: 'stop-start' } } } }),
    ).not.toThrow();
  });
});

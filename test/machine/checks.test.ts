import { describe, expect, it } from 'vitest';
import { worstOf, type Check } from '../../src/machine/check.ts';
import { checksOf } from '../../src/machine/checks.ts';
import { machineFacts, openFilesIn, quotaIn, type MachineFacts } from '../../src/machine/facts.ts';
import { needOf, type Need } from '../../src/machine/need.ts';
import { cpuTicksIn, measureNoise, type Noise } from '../../src/machine/noise.ts';
import { Traffic } from '../../src/model/scenario.ts';

const FIT: MachineFacts = {
  clockSource: 'tsc',
  openFiles: 20_000,
  ports: [32_768, 60_999],
  twReuse: 2,
  somaxconn: 4096,
  migrateReq: 0,
  cores: 8,
  loadAverage: 0.2,
  procReadable: true,
  memoryBytes: 8e9,
};
const QUIET: Noise = {
  clockStepNs: 40,
  timerP50Ms: 0.1,
  timerP99Ms: 1,
  lostShare: 0.001,
  longestHoleMs: 1,
  stealShare: 0,
};
const NEED: Need = { arrivalsPerSecond: 400, freshPerSecond: 200, connections: 2048 };

/** Level of the check of this name on a machine that is fit but for this. */
function levelOf(
  name: string,
  facts: Partial<MachineFacts>,
  noise: Partial<Noise> = {},
  need: Partial<Need> = {},
): string | undefined {
  return checksOf({ ...FIT, ...facts }, { ...QUIET, ...noise }, { ...NEED, ...need }).find(
    (check) => check.name === name,
  )?.level;
}

describe('the checks', () => {
  it('find nothing on a machine that is fit', () => {
    const checks = checksOf(FIT, QUIET, NEED);
    expect(checks.map(({ level }) => level)).toEqual(checks.map(() => 'ok'));
    expect(worstOf(checks)).toBe('ok');
  });

  it('leave out what the machine does not tell', () => {
    const names = checksOf({ cores: 4, loadAverage: 0, procReadable: false, memoryBytes: 8e9 }, QUIET, NEED).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['clock', 'reuse-port', 'cores', 'load', 'neighbours', 'proc', 'memory']);
  });

  it.each<[string, Partial<MachineFacts>, string]>([
    ['files', { openFiles: 2000 }, 'problem'],
    ['files', { openFiles: Infinity }, 'ok'],
    ['ports', { ports: [60_000, 60_999] }, 'problem'],
    ['ports', { twReuse: 0 }, 'warn'],
    ['somaxconn', { somaxconn: 128 }, 'warn'],
    ['reuse-port', { migrateReq: 1 }, 'warn'],
    ['cores', { cores: 1 }, 'warn'],
    ['cores', { quotaCores: 0.5 }, 'problem'],
    ['load', { loadAverage: 5 }, 'warn'],
    ['proc', { procReadable: false }, 'warn'],
    ['memory', { memoryBytes: 5e8 }, 'warn'],
    ['memory', { memoryBytes: 1e8 }, 'problem'],
  ])('of %s with %o say %s', (name, facts, level) => expect(levelOf(name, facts)).toBe(level));

  it.each<[string, Partial<Noise>, string]>([
    ['clock', { clockStepNs: 1_000_000 }, 'problem'],
    ['clock', { timerP99Ms: 8 }, 'warn'],
    ['clock', { timerP99Ms: 30 }, 'problem'],
    ['neighbours', { longestHoleMs: 12 }, 'warn'],
    ['neighbours', { stealShare: 0.2 }, 'problem'],
    ['neighbours', { lostShare: 0.4 }, 'problem'],
  ])('of %s with %o say %s', (name, noise, level) => expect(levelOf(name, {}, noise)).toBe(level));

  it('weigh the machine against what is needed', () => {
    expect(levelOf('ports', { twReuse: 0 }, {}, { freshPerSecond: 1000 })).toBe('problem');
    expect(levelOf('ports', { twReuse: 2 }, {}, { freshPerSecond: 1000 })).toBe('warn');
    expect(levelOf('files', {}, {}, { connections: 50_000 })).toBe('problem');
  });

  it('say what to do whenever something is not as it should be', () => {
    const worst = checksOf(
      { ...FIT, cores: 1, twReuse: 0, openFiles: 10, somaxconn: 1, memoryBytes: 1, loadAverage: 9 },
      { ...QUIET, lostShare: 1, timerP99Ms: 99 },
      NEED,
    );
    expect(worst.filter(({ level, todo }: Check) => (level === 'ok') !== (todo === ''))).toEqual([]);
    expect(worstOf(worst)).toBe('problem');
  });
});

describe('what is needed', () => {
  it('is the most that any arm needs when its target stands still', () => {
    const arm = (traffic: object): { traffic: Traffic } => ({ traffic: Traffic.parse(traffic) });
    expect(needOf([arm({})])).toEqual({ arrivalsPerSecond: 400, freshPerSecond: 200, connections: 2048 });
    const busier = arm({
      arrivals: { one: { rate: '1000/s', connection: 'reused', connections: 10 } },
      client: { timeout: '1s' },
      sentinels: { idle: 20 },
    });
    expect(needOf([arm({}), busier])).toEqual({ arrivalsPerSecond: 1000, freshPerSecond: 200, connections: 2048 });
  });
});

describe('the readers', () => {
  it('understand what the kernel writes', () => {
    expect(
      openFilesIn(
        'Max processes  1  1  processes\nMax open files            1024                 524288               ' +
          'files     \n',
      ),
    ).toBe(1024);
    expect(openFilesIn('Max open files            unlimited            unlimited            files\n')).toBe(Infinity);
    expect(openFilesIn('')).toBeUndefined();
    expect([quotaIn('150000 100000\n'), quotaIn('max 100000\n'), quotaIn('-1 100000'), quotaIn(' ')]).toEqual([
      1.5,
      undefined,
      undefined,
      undefined,
    ]);
    expect(cpuTicksIn('cpu  10 1 20 60 4 0 2 3 5 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n')).toEqual({ total: 100, steal: 3 });
    expect(cpuTicksIn('')).toBeUndefined();
  });

  it('read this machine', async () => {
    const facts = machineFacts();
    expect(facts.cores).toBeGreaterThan(0);
    expect(facts.memoryBytes).toBeGreaterThan(0);
    const noise = await measureNoise(40);
    expect(noise.clockStepNs).toBeGreaterThan(0);
    expect(noise.lostShare).toBeLessThanOrEqual(1);
    expect(noise.timerP99Ms).toBeGreaterThanOrEqual(noise.timerP50Ms);
  });
});

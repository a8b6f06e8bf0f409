/**
 * `zerodrop doctor` as a user types it: it really calibrates, and its exit code is what its checks say.
 *
 * Rule: what this machine is like is not the test's business; that the answer is whole and agrees with itself is.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Calibration } from '../../src/machine/calibration.ts';
import { worstOf, type Check } from '../../src/machine/check.ts';
import type { Need } from '../../src/machine/need.ts';
import { sandbox, type Sandbox } from './zerodrop.ts';

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(async () => {
  const left = await box.leftovers();
  box.remove();
  expect(left).toEqual([]);
});

interface Told {
  schema: string;
  level: string;
  checks: Check[];
  need: Need;
  calibration: Calibration;
}

const scenario = (rate: string): object => ({
  name: 'examined',
  target: { url: 'http://127.0.0.1:9' },
  restart: { strategy: 'command', command: 'true' },
  traffic: { arrivals: { fresh: { rate, connection: 'new' } } },
});

describe('doctor', () => {
  it('checks and calibrates, and its exit code is its worst check', async () => {
    const { code, stdout, stderr } = await box.zerodrop('doctor', '--json');
    expect(stderr).toBe('');
    const told = JSON.parse(stdout) as Told;
    expect(told.schema).toBe('zerodrop/doctor/1');
    const names = told.checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of ['clock', 'files', 'ports', 'reuse-port', 'cores', 'load', 'neighbours', 'memory']) {
      expect(names).toContain(name);
    }
    expect(names.slice(-2)).toEqual(['rate', 'stall']);
    for (const { level, found, todo } of told.checks) {
      expect(found).not.toBe('');
      expect(todo === '').toBe(level === 'ok');
    }
    expect(told.level).toBe(worstOf(told.checks));
    expect(code).toBe(told.level === 'problem' ? 2 : 0);
    // What a scenario that names no rates would send.
    expect(told.need).toMatchObject({ arrivalsPerSecond: 400, freshPerSecond: 200 });
    const rates = told.calibration.rungs.map(({ ratePerSecond }) => ratePerSecond);
    expect(rates[0]).toBe(500);
    expect(rates).toEqual(rates.toSorted((one, other) => one - other));
    expect(told.calibration.answerP999Ms).toBeGreaterThan(0);
    expect(told.calibration.shortestStallMs).toBeGreaterThan(told.calibration.answerP999Ms);
  });

  it('holds the machine against a scenario, and says what to do where it falls short', async () => {
    box.file('huge.yaml', scenario('90000/s'));
    const { code, stdout } = await box.zerodrop('doctor', 'huge.yaml');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^problem +rate +.* are sent on time; 90,000 are needed\n +→ Lower the rates/m);
    expect(stdout).toMatch(/^(?:ok|warn|problem) +stall +the shortest stall/m);
    expect(stdout).toContain('cannot be distinguished from noise');
  });

  it('ends at once when interrupted, and refuses a bad scenario before it begins', async () => {
    const { child, ended, printed } = box.start('doctor');
    await printed('memory');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130 });
    box.file('bad.yaml', scenario('many'));
    expect(await box.zerodrop('doctor', 'bad.yaml')).toMatchObject({ code: 64, stdout: '' });
  });
});

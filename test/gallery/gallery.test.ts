/** The runner of the gallery, its rules by themselves. What it does to real servers is shown by test/scenarios. */
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import type { Attempt } from './attempt.ts';
import { entriesIn, noteOf, selectedOf, type Entry } from './entries.ts';
import { leftOut } from './gallery.ts';
import { metText, watchMachine } from './met.ts';
import { galleryHtml, galleryMarkdown } from './page.ts';
import { cellsOf, HEAD, isForNothing, noiseIn, shownOf } from './row.ts';

const arm = (name: string, verdict: string, asExpected: boolean) => ({
  name,
  verdict,
  expect: 'pass',
  asExpected,
  surprises: asExpected ? [] : [`The verdict is ${verdict}, and pass was expected.`],
  strategy: 'stop-start',
  longestGapMs: 12,
  stalls: [
    { lastedMs: 80, restart: 0 },
    { lastedMs: 900, restart: null },
  ],
  restarts: [100, 300, 200].map((drainMs) => ({ drainMs, requests: { lost: 1, raced: 2, rejected: 0, failed: 0 } })),
});
const resultOf = (
  arms: ReturnType<typeof arm>[],
  findings: { arm: string; code: string; severity: string }[] = [],
): Result =>
  ({
    verdict: 'fail',
    asExpected: arms.every(({ asExpected }) => asExpected),
    arms,
    findings: findings.map((finding) => ({ ...finding, message: 'm', hint: '<b>h' })),
  }) as unknown as Result;
const entry = { name: 'go/close', teaches: 'a | b <i>', curedBy: ['go/close-cured'] } as Entry;
const attempt = (result: Result | undefined, more: Partial<Attempt> = {}): Attempt => ({
  entry,
  tookMs: 5000,
  exitCode: 0,
  output: '',
  overBudget: false,
  leftovers: [],
  met: { load: 1 },
  ...(result === undefined ? {} : { result }),
  ...more,
});
const inconclusive = (code: string): Result =>
  resultOf([arm('a', 'inconclusive', false)], [{ arm: 'a', code, severity: 'inconclusive' }]);

describe('the comment at the top of a scenario', () => {
  it('says what it teaches, what cures it, and whether it wants to be alone', () => {
    const text =
      '# Teaches: one\n# two.\n# Cured by: x-cured.yaml, ../node/y.yaml\n# Alone: it fills both cores.\nname: x # ' +
      'Alone: not here\n';
    expect(noteOf(text, 'go/x')).toEqual({ teaches: 'One two.', curedBy: ['go/x-cured', 'node/y'], alone: true });
    expect(noteOf('name: x\n# Cured by: y.yaml\n', 'x')).toEqual({ teaches: '', curedBy: [], alone: false });
  });

  it('names only scenarios that there are', async () => {
    const entries = await entriesIn('scenarios');
    const names = entries.map(({ name }) => name);
    expect(entries.flatMap(({ curedBy }) => curedBy).filter((name) => !names.includes(name))).toEqual([]);
    const ends = (name: string): string[] =>
      entries
        .filter((one) => one.name === name)
        .flatMap(({ scenario }) => scenario.arms.map(({ expect: { verdict } }) => verdict));
    for (const { name, curedBy } of entries) {
      if (curedBy.length > 0) expect(ends(name), name).not.toContain('pass');
      for (const cure of curedBy) expect(ends(cure), cure).not.toContain('fail');
    }
  });
});

describe('a selection', () => {
  const all = ['go/close', 'go/close-cured', 'node/close'].map((name) => ({ name }));
  it.each<[string[], number]>([
    [[], 3],
    [['close'], 3],
    [['go/*'], 2],
    [['*/close'], 2],
    [['scenarios/go/close.yaml', 'node'], 3],
    [['nothing'], 0],
  ])('by %j', (filters, count) => {
    expect(selectedOf(all, filters)).toHaveLength(count);
  });
});

describe('what cannot be run here', () => {
  const needy = (command: string | undefined): Entry => ({
    ...entry,
    scenario: { needs: ['no-such-program-anywhere'], arms: [{ target: { command } }] } as unknown as Entry['scenario'],
  });

  it('is skipped with its reason, and in CI a surprise', () => {
    expect(leftOut(needy('x'), false)).toMatchObject({
      state: 'skipped',
      reasons: ['it needs no-such-program-anywhere, which is not on PATH'],
    });
    expect(leftOut(needy('x'), true)).toMatchObject({ state: 'surprise' });
    expect(leftOut({ ...needy('x'), scenario: { ...needy('x').scenario, needs: ['node'] } }, true)).toBeUndefined();
  });

  it('is only to copy from when it attaches to a service', () => {
    expect(leftOut(needy(undefined), true)).toMatchObject({
      state: 'skipped',
      reasons: ['it attaches to a service that must run already'],
    });
    expect(
      leftOut({ ...needy(undefined), name: 'attach', scenario: { ...needy(undefined).scenario, needs: [] } }, true),
    ).toBeUndefined();
  });
});

describe('an attempt', () => {
  it('is repeated only when the machine could not measure', () => {
    for (const code of ['harness-late', 'machine-busy', 'spike-limit-below-noise']) {
      expect(isForNothing(attempt(inconclusive(code))), code).toBe(true);
    }
    const cutShort = resultOf(
      [arm('a', 'inconclusive', false), arm('b', 'fail', true)],
      ['too-few-restarts', 'harness-late'].map((code) => ({ arm: 'a', code, severity: 'inconclusive' })),
    );
    expect(isForNothing(attempt(cutShort))).toBe(true);
    expect(noiseIn(attempt(cutShort))).toEqual(['harness-late']);
    expect(isForNothing(attempt(inconclusive('restart-not-proven')))).toBe(false);
    expect(isForNothing(attempt(inconclusive('too-few-restarts')))).toBe(false);
    expect(
      isForNothing(
        attempt(resultOf([arm('a', 'fail', false)], [{ arm: 'a', code: 'harness-late', severity: 'inconclusive' }])),
      ),
    ).toBe(false);
    expect(isForNothing(attempt(resultOf([arm('a', 'inconclusive', true)])))).toBe(false);
    expect(isForNothing(attempt(undefined))).toBe(false);
  });

  it('lacks a finding where the verdict is right and losses were not judged for noise', () => {
    const failing = (code: string) => {
      const right = {
        ...arm('a', 'fail', false),
        expect: 'fail',
        surprises: ['The finding requests-lost is missing.'],
      };
      return attempt(
        resultOf(
          [right],
          ['step-failed', code].map((each) => ({
            arm: 'a',
            code: each,
            severity: each === 'step-failed' ? 'fail' : 'inconclusive',
          })),
        ),
      );
    };
    expect(isForNothing(failing('machine-busy'))).toBe(true);
    expect(isForNothing(failing('lost-in-quiet-time'))).toBe(false);
  });

  it('is no noise when zerodrop itself failed, ran over its time or left a process running', () => {
    expect(isForNothing(attempt(inconclusive('agent-died')))).toBe(false);
    expect(isForNothing(attempt(inconclusive('harness-late'), { overBudget: true }))).toBe(false);
    expect(isForNothing(attempt(inconclusive('harness-late'), { leftovers: ['node x'] }))).toBe(false);
  });

  it('is a surprise at once when any of its arms ended otherwise than inconclusive', () => {
    const late = { arm: 'a', code: 'harness-late', severity: 'inconclusive' };
    for (const verdict of ['pass', 'fail']) {
      const arms = [arm('a', 'inconclusive', false), arm('b', verdict, false)];
      expect(isForNothing(attempt(resultOf(arms, [late])))).toBe(false);
    }
  });

  it('keeps the load that a busy machine had', () => {
    const noise = [`harness-late; ${metText({ load: 9.13, waitingShare: 0.834 })}`];
    expect(shownOf(attempt(resultOf([arm('a', 'pass', true)])), noise).noise).toEqual([
      'harness-late; load average 9.1, a process waited for a core 83 % of the time',
    ]);
    expect(metText({ load: 2 })).toBe('load average 2.0');
  });

  it('measures the load between its beginning and its end', () => {
    const { load, waitingShare } = watchMachine()();
    expect(load).toBeGreaterThanOrEqual(0);
    if (waitingShare !== undefined) expect(waitingShare >= 0 && waitingShare <= 1).toBe(true);
  });

  it('becomes a row for each arm, with drops, gap, the longest stall in a restart and the median drain', () => {
    const shown = shownOf(attempt(resultOf([arm('a', 'pass', true), arm('b', 'pass', true)])));
    expect(shown).toMatchObject({ state: 'expected', reasons: [] });
    expect(cellsOf(shown)).toEqual([
      ['go/close: a', 'pass', 'yes', '9', '12 ms', '80 ms', '200 ms', '5 s'],
      ['go/close: b', 'pass', 'yes', '9', '12 ms', '80 ms', '200 ms', ''],
    ]);
    expect(cellsOf(shown)[0]).toHaveLength(HEAD.length);
  });

  it.each<[string, Attempt, string]>([
    [
      'an end that was not expected',
      attempt(resultOf([arm('a', 'fail', false)]), { exitCode: 1 }),
      'The verdict is fail, and pass was expected.',
    ],
    [
      'no result',
      attempt(undefined, { exitCode: 69, output: 'zerodrop: it never became healthy\n' }),
      'zerodrop ended with 69: zerodrop: it never became healthy',
    ],
    ['no end', attempt(resultOf([]), { overBudget: true }), 'It was ended after 5.0 s: its time was up.'],
    [
      'a process that stayed',
      attempt(resultOf([arm('a', 'pass', true)]), { leftovers: ['node x'] }),
      'It left a process running: node x',
    ],
    [
      'an exit code that does not fit',
      attempt(resultOf([arm('a', 'pass', true)]), { exitCode: 70 }),
      'All is as expected, and yet zerodrop ended with 70.',
    ],
  ])('is a surprise by %s', (_, one, reason) => {
    expect(shownOf(one)).toMatchObject({ state: 'surprise', reasons: [reason] });
  });

  it('is skipped when its target says that it cannot be run here, and only then', () => {
    const output =
      'zerodrop: The target ended with exit code 77 before it was healthy.\n  needs root,\n  and more\n  → Its ' +
      'last output tells why.\n';
    expect(shownOf(attempt(undefined, { exitCode: 69, output }))).toMatchObject({
      state: 'skipped',
      reasons: ['it needs root, and more'],
    });
    const others = [
      attempt(undefined, { exitCode: 69, output: output.replace('77', '1') }),
      attempt(undefined, { exitCode: 70, output }),
      attempt(undefined, { exitCode: 69, output, leftovers: ['node x'] }),
    ];
    expect(others.map((one) => shownOf(one).state)).toEqual(['surprise', 'surprise', 'surprise']);
  });
});

describe('the page', () => {
  const shown = shownOf(
    attempt(resultOf([arm('a', 'fail', true)], [{ arm: 'a', code: 'requests-lost', severity: 'fail' }]), {
      folder: 'out/runs/x/1',
    }),
  );
  const cured = {
    entry: { ...entry, name: 'go/close-cured', curedBy: [] },
    shown: { ...shown, name: 'go/close-cured', state: 'skipped' as const, arms: [], reasons: ['it needs go'] },
  };

  it('links reports and twins, and keeps text as text', () => {
    const text = galleryHtml([{ entry, shown }, cured], 'out');
    expect(text).toContain('href="runs/x/1/report.html"');
    expect(text).toMatch(/Cured by <a href="#go-close-cured">/);
    expect(text).toMatch(/Cures <a href="#go-close">/);
    expect(text).toContain('a | b &lt;i&gt;');
    expect(text).not.toContain('<b>h');
    expect(text).toContain('it needs go');
  });

  it('has as many cells in every row of its Markdown', () => {
    const rows = galleryMarkdown([{ entry, shown }, cured])
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length))).toEqual(new Set([HEAD.length + 5]));
  });
});

import { describe, expect, it } from 'vitest';
import { summaryMarkdown } from '../../../src/report/text/markdown.ts';
import { summaryText, oneLine } from '../../../src/report/text/terminal.ts';
import { sampleView } from '../sample.ts';

describe('summaryText', () => {
  it('has a row for each arm, the reasons and the path of the report', () => {
    const text = summaryText(sampleView(), { color: false, reportPath: 'reports/demo/1/report.html' });
    expect(text).toMatch(/stop-start +stop-start +Fail +8,400 +1,074/);
    expect(text).toMatch(/handoff +signal-handoff +Pass/);
    expect(text).toContain('Fail stop-start, restart 4: For 231 ms no fresh request was answered');
    expect(text).toMatch(/As the scenario expects \(.* fail, .* pass.*\): demo/);
    expect(text).toContain('Report: reports/demo/1/report.html');
  });

  it('says in a line each what the other arms are against the first', () => {
    const text = summaryText(sampleView(), { color: false });
    expect(text).toMatch(
      /^ {2}handoff drops requests in fewer restarts than stop-start \(0 of 12 against 12 of 12, p < 0\.001\), .*\.$/m,
    );
    expect(text.match(/ than stop-start /g)).toHaveLength(2);
    expect(text.split('\n').length).toBeLessThan(25);
    expect(summaryText(sampleView({ arms: 1 }), { color: false })).not.toContain(' than stop-start ');
  });

  it('has room for six comparisons, and says none that a reason says already', () => {
    const view = sampleView();
    const [pair] = view.comparison?.pairs ?? [];
    view.comparison?.pairs.splice(
      0,
      2,
      ...Array.from({ length: 9 }, (_, n) => ({ ...(pair as NonNullable<typeof pair>), sentence: `Pair ${n}.` })),
    );
    view.findings.forEach((finding) => (finding.message = 'Pair 0.'));
    const text = summaryText(view, { color: false });
    expect(text.match(/^ {2}Pair \d\.$/gm)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `  Pair ${n}.`));
    expect(text).toContain('  and 2 more comparisons in the report\n');
  });

  it('fits a screen with a dozen arms: three reasons, three comparisons, the same advice once', () => {
    const view = sampleView();
    const [arm] = view.arms as [(typeof view.arms)[number]];
    const [pair] = view.comparison?.pairs ?? [];
    view.arms = Array.from({ length: 12 }, (_, n) => ({ ...arm, name: `arm-${n}` }));
    view.findings = view.arms.map(({ name }) => ({
      code: 'requests-lost',
      severity: 'fail',
      arm: name,
      restart: null,
      message: `${name} lost.`,
      hint: 'Hand it over.',
    }));
    view.comparison?.pairs.splice(
      0,
      2,
      ...Array.from({ length: 11 }, (_, n) => ({ ...(pair as NonNullable<typeof pair>), sentence: `Pair ${n}.` })),
    );
    const text = summaryText(view, { color: false, reportPath: 'report.html' });
    expect(text.split('\n').length).toBeLessThanOrEqual(36);
    expect(text).toContain('and 9 more in the report');
    expect(text).toContain('and 8 more comparisons in the report');
    expect(text.match(/Hand it over\./g)).toHaveLength(1);
  });

  it('says what was expected and is missing', () => {
    const view = sampleView();
    const [first] = view.arms;
    view.asExpected = false;
    Object.assign(first ?? {}, {
      asExpected: false,
      surprises: ['The finding gap-too-long was expected and is missing.'],
    });
    const text = summaryText(view, { color: false });
    expect(text).toContain('  Not as expected, stop-start: The finding gap-too-long was expected and is missing.\n');
    expect(text).toMatch(/Fail \(not as expected\)/);
    expect(summaryText(sampleView(), { color: false })).not.toContain('Not as expected');
  });

  it('tells of restarts that were not done, though they are tolerated', () => {
    const view = sampleView();
    const [handoff] = view.arms.filter(({ name }) => name === 'handoff');
    handoff?.restarts.slice(0, 2).forEach((restart) => (restart.undone = 'not done'));
    view.findings = [
      {
        code: 'step-failed',
        severity: 'note',
        arm: 'handoff',
        restart: null,
        message: 'Step "ready" failed.',
        hint: 'See why.',
      },
      {
        code: 'forced-kill',
        severity: 'note',
        arm: 'handoff',
        restart: null,
        message: 'It was killed.',
        hint: 'Wait.',
      },
    ];
    const text = summaryText(view, { color: false });
    expect(text).toMatch(/handoff .* \d+ of \d+, 2 not done *\n/);
    expect(text).toContain('Note handoff: Step "ready" failed.');
    expect(text).toContain('and 1 more in the report');
    expect(summaryMarkdown(view)).toMatch(/\| handoff \|.* of \d+, 2 not done \|\n/);
  });

  it('has no colour where none is wanted', () => {
    expect(summaryText(sampleView(), { color: false })).not.toContain('\u001b');
    expect(summaryText(sampleView(), { color: true })).toContain('\u001b[31m');
  });

  it('shows control characters and never obeys them', () => {
    const view = sampleView();
    view.findings.forEach((finding) => (finding.hint = 'clear \u001b[2J\r\nand \u202e'));
    const text = summaryText(view, { color: false });
    expect(text).toContain('clear \\x1b[2J\\x0d\\x0aand \\u202e');
    expect(oneLine('\u009b31m')).toBe('\\x9b31m');
  });
});

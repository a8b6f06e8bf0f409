import { describe, expect, it } from 'vitest';
import { plain, summaryMarkdown } from '../../../src/report/text/markdown.ts';
import { HOSTILE } from '../recorded.ts';
import { comparedView, sampleView } from '../sample.ts';

describe('summaryMarkdown', () => {
  it('has the verdict, a row for each arm, the reasons and the command', () => {
    const text = summaryMarkdown(sampleView());
    expect(text).toMatch(/^## Fail: demo \(as the scenario expects\)\n/);
    expect(text.match(/^\| (stop-start|handoff|cluster) \|/gm)).toHaveLength(3);
    expect(text).toContain('`requests-lost`');
    expect(text).toContain('`zerodrop run scenarios/demo.yaml --expect`');
  });

  it('has a line for each pair of arms, and the measures of all', () => {
    const text = summaryMarkdown(sampleView());
    expect(text.match(/^- (handoff|cluster) .*stop-start/gm)).toHaveLength(2);
    expect(text).toContain('| longest gap |');
  });

  it('says of a comparison what is worse, and nothing of what a scenario expects', () => {
    const text = summaryMarkdown(comparedView());
    expect(text).toMatch(
      /^## Fail: demo \(something is worse than the first\)\n\nhandoff drops requests in fewer restarts than stop\\?-start/,
    );
    expect(text).toMatch(/^- \*\*Fail\*\*, handoff: .*`worse-than-baseline`/m);
    expect(text).not.toContain('scenario expects');
    expect(text).not.toMatch(/^- \*\*Fail\*\*, stop-start/m);
  });

  it('says what was expected and is missing', () => {
    const view = sampleView();
    Object.assign(view.arms[0] ?? {}, {
      asExpected: false,
      surprises: ['The finding gap-too-long was expected and is missing.'],
    });
    expect(summaryMarkdown(view)).toContain(
      '### Not as expected\n\n- stop-start: The finding gap-too-long was expected and is missing.\n',
    );
  });

  it('has as many cells in each row, whatever the names are', () => {
    const view = sampleView({ arms: 1 });
    const [arm] = view.arms;
    const text = summaryMarkdown({
      ...view,
      arms: [{ ...(arm as (typeof view.arms)[0]), strategy: HOSTILE, name: 'a|b\n|c' }],
    });
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.map((row) => row.replace(/\\\|/g, '').split('|').length)).toEqual([16, 16, 16]);
  });

  it('cannot be made to mention, link or embed', () => {
    expect(plain('@team #12 <img> [a](http://b) `c` *d*')).toBe(
      '&#64;team &#35;12 &#60;img&#62; \\[a\\](http&#58;//b) \\`c\\` \\*d\\*',
    );
  });

  it('keeps a command with backticks in one code span', () => {
    expect(summaryMarkdown({ ...sampleView({ arms: 1 }), command: 'zerodrop run `a` ``b``\nx' })).toContain(
      'Run again: ``` zerodrop run `a` ``b`` x ``` (seed',
    );
  });
});

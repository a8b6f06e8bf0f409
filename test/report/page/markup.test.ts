import { describe, expect, it } from 'vitest';
import { failureRow } from '../../../src/report/page/failure-row.ts';
import { html } from '../../../src/report/page/markup.ts';
import { sampleView } from '../sample.ts';

describe('html', () => {
  it('escapes text, between tags and in attributes', () => {
    expect(html`<a title="${`"'<&`}">${'<b>'}</a>`.markup).toBe('<a title="&quot;&#39;&lt;&amp;">&lt;b&gt;</a>');
  });

  it('takes markup, lists, numbers and nothing', () => {
    expect(html`${html`<i>`}${[html`1`, html`<b>`]}${2}${null}`.markup).toBe('<i>1<b>2');
  });

  it('makes control characters and changes of direction visible', () => {
    expect(html`${'a\u001b[31m\u202eb\nc'}`.markup).toBe('a\\u001b[31m\\u202eb\nc');
  });
});

describe('failureRow', () => {
  it('draws each stage within the bar, in order', () => {
    const failure = sampleView({ arms: 1 }).failures.find(({ outcome }) => outcome === 'truncated');
    if (failure === undefined) throw new Error('the sample has no truncated answer');
    const row = failureRow(failure, false).markup;
    const bars = [...row.matchAll(/class="w-(\w+)" x="([\d.]+)" y="1" width="([\d.]+)"/g)].map(
      ([, name, x, width]) => ({ name, x: Number(x), end: Number(x) + Number(width) }),
    );
    expect(bars.map(({ name }) => name)).toEqual(['waiting', 'connecting', 'writing', 'head', 'body']);
    expect(bars.every(({ x, end }) => x >= 0 && end <= 200.1)).toBe(true);
    expect(bars.at(-1)?.end).toBeCloseTo(200, 0);
    expect(row).toContain(
      '<b>40.0 ms</b>: waiting 0.2 ms, connecting 0.1 ms, writing 0.1 ms, awaiting the answer 21.6 ms, answer ' +
        'arriving 18.0 ms',
    );
  });

  it('draws nothing after the stage in which it ended', () => {
    const failure = sampleView({ arms: 1 }).failures.find(({ outcome }) => outcome === 'refused');
    if (failure === undefined) throw new Error('the sample has no refused connection');
    const row = failureRow({ ...failure, n: 7, story: '<b>' }, true).markup;
    expect(row.match(/class="w-(\w+)"/g)).toEqual(['class="w-waiting"', 'class="w-connecting"']);
    expect(row).toContain('<div role="row" class="row" id="f-7"');
    expect(row).toContain('&lt;b&gt;');
  });
});

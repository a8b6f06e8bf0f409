import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportHtml } from '../../../src/report/page/html.ts';
import { failuresOfColumns, type PageData } from '../../../src/report/page/data.ts';
import { viewOf } from '../../../src/report/view/view-of.ts';
import type { View } from '../../../src/report/view/view.ts';
import { HOSTILE, recordedJudgement } from '../recorded.ts';
import { comparedView, sampleView } from '../sample.ts';

const contentsOf = (page: string, opening: RegExp): string => {
  const match = new RegExp(`${opening.source}([\\s\\S]*?)</`).exec(page);
  return match?.[1] ?? '';
};
const DATA = /<script type="text\/plain" id="data">/;
const dataOf = (page: string): PageData =>
  JSON.parse(inflateRawSync(Buffer.from(contentsOf(page, DATA), 'base64')).toString()) as PageData;
/** The page without the contents of its scripts and its style: what the browser reads as markup. */
const markupOf = (page: string): string => page.replace(/(<(script|style)[^>]*>)[\s\S]*?<\/\2>/g, '$1</$2>');

describe('the page of a hostile target', () => {
  let view: View;
  let page: string;
  beforeAll(() => {
    view = viewOf(recordedJudgement(HOSTILE));
    page = reportHtml(view);
  });

  it('has three scripts, all of them ours', () => {
    expect(markupOf(page).match(/<script/g)).toHaveLength(3);
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img');
  });

  it('shows what the target said as text', () => {
    expect(markupOf(page)).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img');
    expect(
      failuresOfColumns(dataOf(page).failures)
        .map(({ facts }) => facts)
        .join(),
    ).toContain(HOSTILE);
  });

  it('has no handler, style or outside address in its markup', () => {
    const tags = markupOf(page).match(/<[a-z][^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(100);
    expect(tags.filter((tag) => /\s(on\w+|style)\s*=/.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /\s(src|action|srcset|xlink:href)\s*=/.test(tag))).toEqual([]);
    expect(
      tags
        .flatMap((tag) => /\shref="([^"]*)"/.exec(tag)?.[1] ?? [])
        .filter((href) => !href.startsWith('#') && href !== 'data:,'),
    ).toEqual([]);
  });

  it('holds its data as letters and digits', () => {
    expect(contentsOf(page, DATA)).toMatch(/^[A-Za-z0-9+/]+=*$/);
  });

  it('masks secrets', () => {
    expect(page).not.toContain('hush');
  });
});

describe('the page of a comparison', () => {
  const markup = markupOf(reportHtml(comparedView()));

  it('says what its verdict is about, and nothing of what a scenario expects', () => {
    expect(markup).toContain('Fail<span>something is worse than the first</span>');
    expect(markup).not.toMatch(/scenario expects|Not as expected/);
  });

  it('calls worse in part what is better in something else', () => {
    expect(markup).toMatch(/handoff against stop-start <span class="chip c-worse">worse in part</);
    expect(markup).toMatch(/cluster against stop-start <span class="chip c-worse">worse in part</);
  });
});

describe('the content policy', () => {
  it('lets only our own style and scripts run', () => {
    const page = reportHtml(sampleView({ arms: 1, restarts: 2 }));
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [style] = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text]) => text as string);
    const scripts = [...page.matchAll(/<script(?: type="module")?>([\s\S]*?)<\/script>/g)].map(
      ([, text]) => text as string,
    );
    expect(scripts).toHaveLength(2);
    expect(policy).toBe(
      `default-src 'none'; style-src ${hash(style as string)}; script-src ${scripts.map(hash).join(' ')}; ` +
        "img-src data:; base-uri 'none'; form-action 'none'",
    );
  });
});

describe('the size of the page', () => {
  it('is below 400 KB without the data of the run', () => {
    const page = reportHtml(sampleView());
    expect(Buffer.byteLength(page) - Buffer.byteLength(contentsOf(page, DATA))).toBeLessThan(400_000);
  });

  it('holds all of 5,000 failures, and the first rows without a script', () => {
    const page = reportHtml(sampleView({ arms: 1, restarts: 50, failuresPerRestart: 100 }));
    expect(failuresOfColumns(dataOf(page).failures)).toHaveLength(5000);
    expect(markupOf(page).match(/ id="f-\d/g)).toHaveLength(50);
  });
});

describe('the top of the page', () => {
  it('tells verdict, expectation and the sentences of each arm', () => {
    const page = markupOf(reportHtml(sampleView()));
    expect(page).toContain('Fail<span>as the scenario expects</span>');
    expect(page.indexOf('A gap shorter than 4.9 ms')).toBeLessThan(page.indexOf('id="reasons"'));
  });

  it('says so when there were no failures, no findings and no sentinels', () => {
    const view = sampleView({ arms: 2 });
    const [, arm] = view.arms;
    const page = markupOf(
      reportHtml({
        ...view,
        verdict: 'pass',
        arms: [{ ...(arm as (typeof view.arms)[0]), sentinels: [] }],
        findings: [],
        failures: [],
      }),
    );
    expect(page).toContain('No finding.');
    expect(page).toContain('every request was answered');
    expect(page).toContain('None were set.');
  });
});

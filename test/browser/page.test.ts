import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OUTCOMES, type Outcome } from '../../src/model/outcome.ts';
import { reportHtml } from '../../src/report/page/html.ts';
import type { View } from '../../src/report/view/view.ts';
import { viewOf } from '../../src/report/view/view-of.ts';
import { needs } from '../needs.ts';
import { HOSTILE, recordedJudgement } from '../report/recorded.ts';
import { sampleView } from '../report/sample.ts';
import { CHROMIUMS, startBrowsing, WIDTHS, type Browsing, type OpenPage, type Scheme, type Width } from './chromium.ts';
import { axeViolations, inPage, scrollThrough } from './probes.ts';

const here = needs(...CHROMIUMS);
/** A short page in which each outcome stands at least once, in its colour. */
function withEveryOutcome(): View {
  const view = sampleView({ restarts: 2, failuresPerRestart: 5 });
  const outcomes = OUTCOMES.filter((outcome) => outcome !== 'answered');
  view.failures.forEach((failure, index) => (failure.outcome = outcomes[index % outcomes.length] as Outcome));
  return view;
}

const EVERYWHERE: [Width, Scheme][] = [
  ['wide', 'light'],
  ['wide', 'dark'],
  ['narrow', 'light'],
  ['narrow', 'dark'],
];

describe.skipIf(!here)('the report page in a browser', () => {
  let browsing: Browsing;
  let opened: OpenPage | undefined;
  const many = reportHtml(sampleView());
  beforeAll(async () => {
    browsing = await startBrowsing();
  });
  afterAll(() => browsing.close());
  const open = async (...args: Parameters<Browsing['open']>): Promise<OpenPage> => {
    opened = await browsing.open(...args);
    return opened;
  };
  afterEach(async () => {
    expect(opened?.complaints ?? []).toEqual([]);
    await opened?.close();
    opened = undefined;
  });

  describe.each(EVERYWHERE)('%s, %s', (width, scheme) => {
    let shown: OpenPage;
    beforeAll(async () => {
      shown = await browsing.open(reportHtml(withEveryOutcome()), { width, scheme });
      await scrollThrough(shown.page);
    });
    afterAll(() => shown.close());

    it('asks for nothing, complains of nothing, and needs no sideways scrolling', async () => {
      const { page, requests, complaints } = shown;
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await inPage(page, 'document.documentElement.scrollWidth')).toBe(WIDTHS[width].width);
      expect(
        await inPage(
          page,
          `[...document.querySelectorAll('canvas')].filter((canvas) => Chart.getChart(canvas) === undefined).length`,
        ),
      ).toBe(0);
      const ground = await inPage(
        page,
        `getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] > 127 ? 'light' : 'dark'`,
      );
      expect(ground).toBe(scheme);
    });

    it('has no violation of accessibility rules, whatever is opened', async () => {
      await inPage(shown.page, `for (const details of document.querySelectorAll('details')) details.open = true`);
      await scrollThrough(shown.page);
      expect(await axeViolations(shown.page)).toEqual([]);
      expect(await inPage(shown.page, 'document.documentElement.scrollWidth')).toBe(WIDTHS[width].width);
    });
  });

  it.each(['wide', 'narrow'] as const)('answers without scrolling (%s)', async (width) => {
    const one = viewOf(recordedJudgement());
    const { page } = await open(reportHtml(one), { width });
    const bottom = async (selector: string): Promise<number> =>
      Number(await inPage(page, `document.querySelector('${selector}').getBoundingClientRect().bottom`));
    expect(await bottom('.headline')).toBeLessThan(WIDTHS[width].height);
    expect(await bottom('.arms dl > :last-child')).toBeLessThan(WIDTHS[width].height);
    expect(await bottom('.findings .message')).toBeLessThan(WIDTHS[width].height);
  });

  it('goes through the filters by keyboard', async () => {
    const { page } = await open(many);
    const shown = (): Promise<unknown> => inPage(page, `document.getElementById('failure-count').textContent`);
    await page.waitForSelector('#failure-tools:not([hidden])');
    await inPage(page, `document.getElementById('filter-outcome').focus()`);
    await page.keyboard.type('raced');
    expect(await inPage(page, `document.getElementById('filter-outcome').value`)).toBe('raced');
    const raced = sampleView().failures.filter(({ outcome }) => outcome === 'raced');
    expect(await shown()).toBe(`${raced.length} of 1,104 shown`);
    await page.keyboard.press('Tab');
    await page.keyboard.type('cluster');
    expect(await shown()).toBe('24 of 1,104 shown');
    for (let tabs = 0; tabs < 3; tabs += 1) await page.keyboard.press('Tab');
    await page.keyboard.type('no such words');
    expect(await shown()).toBe('0 of 1,104 shown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await shown()).toBe('all 1,104 shown');
    await page.keyboard.press('Tab');
    expect(await inPage(page, 'document.activeElement.id')).toBe('failure-box');
    await page.keyboard.press('Tab');
    expect(await inPage(page, `document.activeElement.getAttribute('href')`)).toBe('#f-1');
  });

  it('opens the failure that a link names, far down and filtered away', async () => {
    const { page } = await open(many, { hash: '#f-777' });
    await page.waitForSelector('#f-777.target');
    const seen =
      "(() => { const row = document.querySelector('.row.target'); const box = row.getBoundingClientRect(); " +
      'return [row.id, document.activeElement === row, box.top >= 0 && box.bottom <= innerHeight]; })()';
    await expect.poll(() => inPage(page, seen)).toEqual(['f-777', true, true]);
    await page.selectOption('#filter-outcome', 'raced');
    await page.selectOption('#filter-arm', 'cluster');
    await inPage(page, `location.hash = '#f-5'`);
    await page.waitForSelector('#f-5.target');
    await expect.poll(() => inPage(page, seen)).toEqual(['f-5', true, true]);
    expect(
      await inPage(
        page,
        `document.getElementById('filter-arm').value + document.getElementById('failure-count').textContent`,
      ),
    ).toBe('all 1,104 shown');
  });

  it("lets the reader find every failure of a run of ordinary size by the browser's own search", async () => {
    const { page } = await open(many);
    await expect
      .poll(() => inPage(page, `document.querySelectorAll('#failure-rows .row').length`), { timeout: 10_000 })
      .toBe(1104);
  });

  it('prints in light colours, with the first 500 failures and a word on the others', async () => {
    const { page } = await open(many, { scheme: 'dark' });
    await page.waitForSelector('#failure-tools:not([hidden])');
    await page.emulateMedia({ media: 'print' });
    await inPage(page, `window.dispatchEvent(new Event('beforeprint'))`);
    expect(await inPage(page, `getComputedStyle(document.body).backgroundColor`)).toBe('rgb(255, 255, 255)');
    expect(await inPage(page, `document.querySelectorAll('#failure-rows .row').length`)).toBe(500);
    expect(await inPage(page, `document.getElementById('failures-unprinted').textContent`)).toBe(
      'The first 500 of 1,104 are printed; the file itself holds all of them.',
    );
    expect(
      await inPage(
        page,
        `[...document.querySelectorAll('canvas')].filter((canvas) => Chart.getChart(canvas) === undefined).length`,
      ),
    ).toBe(0);
    await inPage(page, `window.dispatchEvent(new Event('afterprint'))`);
    await expect
      .poll(() => inPage(page, `document.querySelectorAll('#failure-rows .row').length`), { timeout: 10_000 })
      .toBe(1104);
  });

  it('never makes markup of what a target said', async () => {
    const judgement = recordedJudgement(`${HOSTILE}\u202e<svg onload=alert(3)>\u0007`);
    const { page, requests, complaints } = await open(reportHtml(viewOf(judgement)));
    await inPage(page, `for (const details of document.querySelectorAll('details')) details.open = true`);
    await scrollThrough(page);
    await page.waitForSelector('#f-41');
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    expect(await inPage(page, `document.querySelectorAll('img, svg[onload], script:not([id])').length - 2`)).toBe(0);
    expect(
      await inPage(
        page,
        "[...document.querySelectorAll('*')].filter((element) => [...element.attributes].some(({ name }) => " +
          "name.startsWith('on') || name === 'style' && element.tagName !== 'CANVAS' && " +
          "!element.classList.contains('chunk'))).length",
      ),
    ).toBe(0);
    const text = String(await inPage(page, `document.body.innerText`));
    expect(text).toContain('<img src=x onerror=alert(2)>');
    expect(text).toContain('\\u202e<svg onload=alert(3)>\\u0007');
    expect(text).not.toMatch(/[\u0007\u001b\u2028\u202e]/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportHtml } from '../../src/report/page/html.ts';
import { needs } from '../needs.ts';
import { sampleView } from '../report/sample.ts';
import { CHROMIUMS, startBrowsing, type Browsing } from './chromium.ts';
import { inPage } from './probes.ts';

const here = needs(...CHROMIUMS);

/** Times that leave room for a busy machine; a quiet one is several times faster. */
const OPENED_WITHIN_MS = 6000;
const MOST_ROWS = 600;

describe.skipIf(!here)('a big report in a browser', () => {
  let browsing: Browsing;
  beforeAll(async () => {
    browsing = await startBrowsing();
  });
  afterAll(() => browsing.close());

  it.each([
    [300, 17, 5100],
    [20, 5010, 100_200],
  ])(
    'opens in time, with only the rows near the reader (%i restarts, %i failures each)',
    async (restarts, failuresPerRestart, failures) => {
      const html = reportHtml(sampleView({ arms: 1, restarts, failuresPerRestart }));
      const { page, complaints, close } = await browsing.open(html);
      await page.waitForSelector('#failure-tools:not([hidden])');
      const openedMs = Number(await inPage(page, 'performance.now()'));
      console.log(
        `${failures} failures of ${restarts} restarts: ${Math.round(html.length / 1000)} kB, opened in ` +
          `${Math.round(openedMs)} ms`,
      );
      expect(openedMs).toBeLessThan(failures > 10_000 ? 3 * OPENED_WITHIN_MS : OPENED_WITHIN_MS);

      await inPage(page, `document.getElementById('failures').scrollIntoView({ behavior: 'instant' })`);
      for (const place of [0.3, 0.9, 0.5]) {
        await inPage(
          page,
          `(() => { const box = document.getElementById('failure-box'); box.scrollTop = ${place} * ` +
            'box.scrollHeight; })()',
        );
        await expect
          .poll(() =>
            inPage(
              page,
              "(() => { const box = document.getElementById('failure-box').getBoundingClientRect(); return " +
                "document.elementFromPoint(box.left + 200, box.top + 200)?.closest('.row')?.id.startsWith('f-') " +
                '?? false; })()',
            ),
          )
          .toBe(true);
        expect(Number(await inPage(page, `document.querySelectorAll('#failure-rows .row').length`))).toBeLessThan(
          MOST_ROWS,
        );
      }
      await inPage(page, `location.hash = '#f-${failures - 3}'`);
      await page.waitForSelector(`#f-${failures - 3}.target`);
      await expect
        .poll(() =>
          inPage(
            page,
            "(() => { const row = document.querySelector('.row.target').getBoundingClientRect(); return " +
              'row.top >= 0 && row.bottom <= innerHeight; })()',
          ),
        )
        .toBe(true);
      expect(complaints).toEqual([]);
      await close();
    },
  );
});

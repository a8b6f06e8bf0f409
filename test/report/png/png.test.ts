import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { comparisonPng, overlayPng, timelinePng } from '../../../src/report/png/png.ts';
import type { View } from '../../../src/report/view/view.ts';
import { viewOf } from '../../../src/report/view/view-of.ts';
import { HOSTILE, recordedJudgement } from '../recorded.ts';
import { sampleView } from '../sample.ts';

const PICTURES = { timelinePng, overlayPng, comparisonPng };
const HEADLINE = { x: 0, y: 52, width: 1200, height: 24 };

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How many pixels of a picture are such. */
async function pixels(
  png: Buffer,
  isSuch: (red: number, green: number, blue: number) => boolean,
  area?: Area,
): Promise<number> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { x, y, width, height } = area ?? { x: 0, y: 0, width: image.width, height: image.height };
  const { data } = context.getImageData(x, y, width, height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (isSuch(data[at] ?? 255, data[at + 1] ?? 255, data[at + 2] ?? 255)) count += 1;
  }
  return count;
}

const isInk = (red: number, green: number, blue: number): boolean => Math.min(red, green, blue) < 240;
/** The colour of refused connections. */
const isRefused = (red: number, green: number, blue: number): boolean =>
  red === 0xd5 && green === 0x5e && blue === 0x00;

describe.each(Object.entries(PICTURES))('%s', (_, picture) => {
  it('is a PNG, 1200 px wide, on light ground', async () => {
    const png = await picture(sampleView());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const image = await loadImage(png);
    expect(image.width).toBe(1200);
    expect(await pixels(png, (...color) => !isInk(...color))).toBeGreaterThan(0.5 * image.width * image.height);
  });

  it('writes its words visibly', async () => {
    const view = sampleView({ arms: 2, restarts: 3 });
    const withHeadline = async (headline: string): Promise<number> =>
      pixels(await picture({ ...view, headline }), isInk, HEADLINE);
    expect(await withHeadline('')).toBe(0);
    const few = await withHeadline('iii');
    expect(few).toBeGreaterThan(5);
    expect(await withHeadline('MMMMMMMMMM MMMMMMMMMM')).toBeGreaterThan(10 * few);
  });

  it('marks what was not answered', async () => {
    const view = sampleView({ arms: 1, restarts: 6 });
    expect(await pixels(await picture(view), isRefused)).toBeGreaterThan(200);
    expect(await pixels(await picture({ ...view, failures: [] }), isRefused)).toBe(0);
  });

  it('copes with hostile text, and with a run that never restarted', async () => {
    const hostile = viewOf(recordedJudgement(HOSTILE));
    const empty: View = {
      ...hostile,
      failures: [],
      arms: hostile.arms.map((arm) => ({
        ...arm,
        name: HOSTILE,
        restarts: [],
        windows: [],
        sessions: [],
        instances: [],
        stalls: [],
        profile: { fromMs: 0, bucketMs: 1, answeredShare: [], medianMs: [], worstMs: [] },
      })),
    };
    for (const view of [hostile, empty]) expect((await picture(view)).length).toBeGreaterThan(2000);
  });
});

it('is drawn in dist, where chartjs-node-canvas is bundled, as by that package itself', async () => {
  const bundled = await import('../../../dist/report/png/png.js');
  const view = viewOf(recordedJudgement());
  for (const name of Object.keys(PICTURES) as (keyof typeof PICTURES)[]) {
    expect((await bundled[name](view)).equals(await PICTURES[name](view)), name).toBe(true);
  }
  expect((await bundled.timelinePng(view)).equals(await bundled.overlayPng(view))).toBe(false);
});

describe('the heights of pictures', () => {
  it('grow with the arms', async () => {
    const heightOf = async (arms: number): Promise<number> =>
      (await loadImage(await timelinePng(sampleView({ arms, restarts: 3 })))).height;
    expect(await heightOf(3)).toBeGreaterThan(2 * (await heightOf(1)));
  });
});

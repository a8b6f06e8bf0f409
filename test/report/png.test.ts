import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { timelinePng } from '../../src/report/png.ts';
import type { View } from '../../src/report/view.ts';
import { sampleView } from './sample.ts';

/** Pixels of a picture that are not its ground. */
async function inked(view: View, area: { x: number; y: number; width: number; height: number }): Promise<number> {
  const image = await loadImage(await timelinePng(view));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(area.x, area.y, area.width, area.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 240 || (data[at + 1] ?? 255) < 240 || (data[at + 2] ?? 255) < 240) count += 1;
  return count;
}

describe('timelinePng', () => {
  it('is a PNG, 1200 px wide, with a panel for each arm', async () => {
    const [one, three] = await Promise.all([timelinePng(sampleView({ arms: 1 })), timelinePng(sampleView())]);
    expect(one.subarray(1, 4).toString()).toBe('PNG');
    const [small, large] = await Promise.all([loadImage(one), loadImage(three)]);
    expect([small.width, large.width]).toEqual([1200, 1200]);
    expect(large.height).toBeGreaterThan(2 * small.height);
  });

  it('writes its words visibly', async () => {
    const view = sampleView({ arms: 1 });
    const headline = { x: 0, y: 48, width: 1200, height: 30 };
    expect(await inked({ ...view, headline: '' }, headline)).toBe(0);
    const few = await inked({ ...view, headline: 'iii' }, headline);
    const many = await inked({ ...view, headline: 'MMMMMMMMMM MMMMMMMMMM' }, headline);
    expect(few).toBeGreaterThan(5);
    expect(many).toBeGreaterThan(10 * few);
  });

  it('labels the axes of its charts', async () => {
    const view = sampleView({ arms: 1, restarts: 6 });
    expect(await inked(view, { x: 24, y: 330, width: 440, height: 22 })).toBeGreaterThan(100);
  });

  it('marks every restart that dropped something', async () => {
    const view = sampleView({ arms: 1, restarts: 6 });
    const plots = { x: 0, y: 84, width: 1200, height: 260 };
    expect(await inked(view, plots)).toBeGreaterThan((await inked({ ...view, failures: [] }, plots)) + 100);
  });
});

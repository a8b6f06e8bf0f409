import { describe, expect, it } from 'vitest';
import { DARK, LIGHT } from '../../../src/report/charts/palette.ts';
import { inkOf } from '../../../src/report/page/style.ts';
import { OUTCOMES } from '../../../src/model/outcome.ts';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const problems = OUTCOMES.filter((outcome) => outcome !== 'answered');

describe('the colours of outcomes', () => {
  it('can be read as text on every ground of the page', () => {
    const worst = [
      ...['#ffffff', '#f6f7f9', '#fbf1da'].flatMap((ground) =>
        problems.map((outcome) => contrastOf(inkOf(LIGHT, outcome), ground)),
      ),
      ...['#151a21', '#0e1217', '#352a12'].flatMap((ground) =>
        problems.map((outcome) => contrastOf(inkOf(DARK, outcome), ground)),
      ),
    ];
    expect(Math.min(...worst)).toBeGreaterThanOrEqual(4.5);
  });

  it('can be seen as marks on the ground of a chart', () => {
    expect(Math.min(...problems.map((outcome) => contrastOf(LIGHT[outcome] ?? '', '#ffffff')))).toBeGreaterThan(2.4);
    expect(Math.min(...problems.map((outcome) => contrastOf(DARK[outcome] ?? '', '#151a21')))).toBeGreaterThan(3);
  });
});

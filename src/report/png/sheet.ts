/**
 * A sheet of paper for pictures: text, charts and legends, from top to bottom, on light ground.
 *
 * Rule: it needs no installed font: without one, text would be silently blank, so it brings its own.
 */
import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, loadImage, type Image, type SKRSContext2D } from '@napi-rs/canvas';
import type { ChartConfiguration } from 'chart.js';
import { drawPoint } from 'chart.js/helpers';
import { bandsPlugin } from '../charts/bands.ts';
import type { ChartDefinition } from '../charts/definition.ts';
import { LIGHT, painted, SHAPES } from '../charts/palette.ts';
import { visible } from '../view/visible.ts';
import { ChartJSNodeCanvas } from './chart-canvas.ts';

const FONT = 'Inter';
export const WIDTH = 1200;
export const MARGIN = 24;
export const INNER = WIDTH - 2 * MARGIN;

/** What stands on a sheet, one below the other; its height, and how it is drawn from there. */
export interface Block {
  height: number;
  draw(context: SKRSContext2D, top: number): void;
}

/** An entry of a legend: a mark of an outcome, a line, or a patch of colour. */
export interface LegendEntry {
  token: string;
  text: string;
  kind: 'mark' | 'line' | 'patch';
  dash?: readonly number[];
}

/** The blocks as a PNG, 1200 px wide. */
export function sheetPng(blocks: readonly Block[]): Buffer {
  const canvas = createCanvas(WIDTH, Math.ceil(blocks.reduce((sum, { height }) => sum + height, MARGIN)));
  const context = canvas.getContext('2d');
  context.fillStyle = colorOf('ground');
  context.fillRect(0, 0, canvas.width, canvas.height);
  let top = 0;
  for (const block of blocks) {
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    context.setLineDash([]);
    block.draw(context, top);
    top += block.height;
  }
  return canvas.toBuffer('image/png');
}

export const colorOf = (token: string): string => LIGHT[token] ?? '#000000';

/** Makes the fonts known; once is enough. Throws when one cannot be read. */
export function registerFonts(): void {
  if (
    GlobalFonts.families.some(({ family, styles }) => family === FONT && styles.some(({ weight }) => weight === 700))
  ) {
    return;
  }
  const { resolve } = createRequire(import.meta.url);
  for (const weight of [400, 700]) {
    const path = resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
    if (GlobalFonts.registerFromPath(path, FONT) === null) throw new Error(`the font ${path} cannot be read`);
  }
}

/** Writes one line, cut to a width, and returns how wide it became. */
export function write(
  context: SKRSContext2D,
  text: string,
  x: number,
  baseline: number,
  {
    size,
    weight = 400,
    color = colorOf('text'),
    width = INNER,
  }: { size: number; weight?: 400 | 700; color?: string; width?: number },
): number {
  context.font = `${weight} ${size}px ${FONT}`;
  context.fillStyle = color;
  const line = fitted(context, visible(text), width);
  context.fillText(line, x, baseline);
  return context.measureText(line).width;
}

/** Text in lines of a width; what goes beyond `most` lines is cut. */
function linesOf(text: string, size: number, width: number, most: number): string[] {
  const context = createCanvas(1, 1).getContext('2d');
  context.font = `400 ${size}px ${FONT}`;
  const lines: string[] = [''];
  for (const word of visible(text).split(/\s+/)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (context.measureText(longer).width <= width || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), fitted(context, lines.slice(most - 1).join(' '), width)];
}

/** Text cut to a width. */
function fitted(context: SKRSContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > width) length -= 1;
  return `${text.slice(0, length)}…`;
}

/** Lines of text as a block. */
export function paragraph(
  text: string,
  {
    size,
    color = colorOf('muted'),
    most = 2,
    after = 8,
  }: { size: number; color?: string; most?: number; after?: number },
): Block {
  const lines = linesOf(text, size, INNER, most);
  const step = Math.round(size * 1.45);
  return {
    height: lines.length * step + after,
    draw(context, top) {
      for (const [index, line] of lines.entries()) {
        write(context, line, MARGIN, top + (index + 0.75) * step, { size, color });
      }
    },
  };
}

/** A legend in as many rows as it needs. */
export function legend(entries: readonly LegendEntry[]): Block {
  const context = createCanvas(1, 1).getContext('2d');
  context.font = `400 12px ${FONT}`;
  let x = 0;
  let row = 0;
  const placed = entries.map((entry) => {
    const width = context.measureText(visible(entry.text)).width + 36;
    if (x > 0 && x + width > INNER) {
      x = 0;
      row += 1;
    }
    x += width;
    return { ...entry, x: MARGIN + x - width, row };
  });
  return {
    height: (row + 1) * 19 + 14,
    draw(target, top) {
      for (const { token, text, kind, dash, x: left, row: line } of placed) {
        const baseline = top + 14 + line * 19;
        target.fillStyle = target.strokeStyle = colorOf(token);
        const pointStyle = SHAPES[token];
        if (kind === 'mark' && pointStyle !== undefined) {
          drawPoint(target, { pointStyle, radius: 4, borderWidth: 1.5 }, left + 7, baseline - 4);
        } else if (kind === 'patch') target.fillRect(left, baseline - 10, 14, 11);
        else {
          target.lineWidth = 2;
          target.setLineDash([...(dash ?? [])]);
          target.beginPath();
          target.moveTo(left, baseline - 4);
          target.lineTo(left + 14, baseline - 4);
          target.stroke();
          target.setLineDash([]);
        }
        write(target, text, left + 19, baseline, { size: 12, color: colorOf('muted') });
      }
    },
  };
}

/** A chart as an image. */
export async function chartImage(definition: ChartDefinition, width: number, height: number): Promise<Image> {
  registerFonts();
  const renderer = new ChartJSNodeCanvas({
    width,
    height,
    backgroundColour: colorOf('ground'),
    chartCallback: (library) => {
      library.defaults.font.family = FONT;
      library.register(bandsPlugin);
    },
  });
  return loadImage(renderer.renderToBufferSync(painted(definition, LIGHT) as unknown as ChartConfiguration));
}

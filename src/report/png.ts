/**
 * The timeline as a picture for a comment on a pull request, drawn from the same chart definitions as the page.
 *
 * Rule: it needs no installed font: without one, text would be silently blank, so the picture brings its own.
 */
import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, loadImage, type SKRSContext2D } from '@napi-rs/canvas';
import type { ChartConfiguration } from 'chart.js';
import { drawPoint } from 'chart.js/helpers';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { chartsOf, type ArmCharts } from './charts.ts';
import { bandsPlugin } from './charts/bands.ts';
import type { ChartDefinition } from './charts/definition.ts';
import { outcomesOf } from './charts/marks.ts';
import { LIGHT, painted, SHAPES } from './charts/palette.ts';
import { phasesOf } from './charts/overlay.ts';
import type { ArmView, View } from './view.ts';
import { PHASE_WORDS, VERDICT_WORDS } from './words.ts';

const FONT = 'Inter';
const WIDTH = 1200;
const MARGIN = 24;
const HEAD = 84;
const OVERLAY_WIDTH = 440;
const PANEL_TITLE = 30;
const LEGEND = 48;
const VERDICT_COLORS = { pass: '#0b6b4f', fail: '#a8281a', inconclusive: '#7a5200' } as const;

/** The picture: for each arm all restarts laid over each other, and what was offered and answered in the restart windows. PNG, 1200 px wide. */
export async function timelinePng(view: View): Promise<Buffer> {
  registerFonts();
  const charts = chartsOf(view);
  const heights = view.arms.map((arm) => PANEL_TITLE + plotHeight(arm) + LEGEND);
  const canvas = createCanvas(WIDTH, HEAD + heights.reduce((sum, height) => sum + height, 0) + MARGIN / 2);
  const context = canvas.getContext('2d');
  context.fillStyle = colorOf('ground');
  context.fillRect(0, 0, canvas.width, canvas.height);
  drawHead(context, view);
  let top = HEAD;
  for (const [index, arm] of view.arms.entries()) {
    await drawArm(context, arm, charts[index] as ArmCharts, top, outcomesOf(view.failures.filter((failure) => failure.arm === arm.name)));
    top += heights[index] ?? 0;
  }
  return canvas.toBuffer('image/png');
}

function registerFonts(): void {
  if (GlobalFonts.families.some(({ family, styles }) => family === FONT && styles.some(({ weight }) => weight === 700))) return;
  const { resolve } = createRequire(import.meta.url);
  for (const weight of [400, 700]) {
    const path = resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
    if (GlobalFonts.registerFromPath(path, FONT) === null) throw new Error(`the font ${path} cannot be read`);
  }
}

const colorOf = (token: string): string => LIGHT[token] ?? '#000000';
const plotHeight = (arm: ArmView): number => (arm.restarts.length > 14 ? 320 : 240);

function drawHead(context: SKRSContext2D, view: View): void {
  context.textBaseline = 'alphabetic';
  context.fillStyle = VERDICT_COLORS[view.verdict];
  context.font = `700 26px ${FONT}`;
  const word = VERDICT_WORDS[view.verdict];
  context.fillText(word, MARGIN, 40);
  const wordWidth = context.measureText(word).width;
  context.fillStyle = colorOf('text');
  context.font = `700 18px ${FONT}`;
  context.fillText(fitted(context, view.scenario, WIDTH - 3 * MARGIN - wordWidth), MARGIN + wordWidth + 14, 40);
  context.fillStyle = colorOf('muted');
  context.font = `400 14px ${FONT}`;
  context.fillText(fitted(context, view.headline, WIDTH - 2 * MARGIN), MARGIN, 66);
}

async function drawArm(context: SKRSContext2D, arm: ArmView, charts: ArmCharts, top: number, outcomes: readonly string[]): Promise<void> {
  const height = plotHeight(arm);
  context.font = `700 14px ${FONT}`;
  context.fillStyle = colorOf('text');
  const title = fitted(context, arm.name, 400);
  context.fillText(title, MARGIN, top + 20);
  const titleWidth = context.measureText(title).width;
  context.fillStyle = VERDICT_COLORS[arm.verdict];
  context.fillText(VERDICT_WORDS[arm.verdict], MARGIN + titleWidth + 12, top + 20);
  const rest = WIDTH - 2 * MARGIN - OVERLAY_WIDTH - MARGIN;
  context.drawImage(await loadImage(drawn(charts.overlay, OVERLAY_WIDTH, height)), MARGIN, top + PANEL_TITLE);
  context.drawImage(await loadImage(drawn(charts.timeline.windows, rest, height)), MARGIN + OVERLAY_WIDTH + MARGIN, top + PANEL_TITLE);
  drawLegend(context, arm, outcomes, top + PANEL_TITLE + height + 14);
}

function drawLegend(context: SKRSContext2D, arm: ArmView, outcomes: readonly string[], y: number): void {
  const phases = [...new Set(arm.restarts.flatMap((restart) => phasesOf(restart).map(({ moment }) => moment)))];
  const rows: { token: string; text: string; height: number }[][] = [
    ['offered', 'answered', ...outcomes].map((name) => ({ token: name, text: name, height: 3 })),
    phases.map((moment) => ({ token: moment, text: PHASE_WORDS[moment], height: 10 })),
  ];
  context.font = `400 12px ${FONT}`;
  for (const [row, entries] of rows.entries()) {
    const baseline = y + row * 19;
    let x = MARGIN;
    for (const { token, text, height } of entries) {
      context.fillStyle = context.strokeStyle = colorOf(token);
      const pointStyle = SHAPES[token];
      if (pointStyle === undefined) context.fillRect(x, baseline - 4 - height / 2, 14, height);
      else drawPoint(context, { pointStyle, radius: 4, borderWidth: 1.5 }, x + 7, baseline - 4);
      context.fillStyle = colorOf('muted');
      context.fillText(text, x + 19, baseline);
      x += context.measureText(text).width + 34;
    }
  }
}

/** One chart as PNG. */
function drawn(definition: ChartDefinition, width: number, height: number): Buffer {
  const renderer = new ChartJSNodeCanvas({
    width,
    height,
    backgroundColour: colorOf('ground'),
    chartCallback: (library) => {
      library.defaults.font.family = FONT;
      library.register(bandsPlugin);
    },
  });
  return renderer.renderToBufferSync(painted(definition, LIGHT) as unknown as ChartConfiguration);
}

/** Text cut to a width. */
function fitted(context: SKRSContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > width) length -= 1;
  return `${text.slice(0, length)}…`;
}

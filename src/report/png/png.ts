/**
 * The charts as pictures, for a comment on a pull request or a mail: the run over time, its restarts overlaid,
 * its arms against each other. Drawn from the same chart definitions as the page.
 *
 * Rule: each picture alone says what was run and what came of it.
 */
import type { Image } from '@napi-rs/canvas';
import { chartOf } from '../charts/charts.ts';
import { outcomesOf } from '../charts/marks.ts';
import { ARM_COLORS, ARM_DASHES } from '../charts/palette.ts';
import { phasesOf } from '../charts/phases.ts';
import { middlesTable } from '../view/comparison-view.ts';
import {
  chartImage,
  colorOf,
  INNER,
  legend,
  MARGIN,
  paragraph,
  registerFonts,
  sheetPng,
  write,
  type Block,
  type LegendEntry,
} from './sheet.ts';
import type { ArmView, ComparisonView, FailureView, View } from '../view/view.ts';
import { PHASE_WORDS, remarkOf, VERDICT_WORDS } from '../view/words.ts';

const VERDICT_COLORS = { pass: '#0b6b4f', fail: '#a8281a', inconclusive: '#7a5200' } as const;
const GUTTER = 20;
const TITLE = 30;
const TABLE_ROW = 26;
const LABEL_WIDTH = 150;
const MOST_PAIRS = 5;

/** For each arm the whole run: its instances, every failure, and what was offered and answered. PNG, 1200 px wide. */
export async function timelinePng(view: View): Promise<Buffer> {
  registerFonts();
  const panels: Block[] = [];
  for (const [index, arm] of view.arms.entries()) {
    const outcomes = outcomesOf(failuresOf(view, arm));
    const image = await chartImage(
      chartOf(view, { chart: 'timeline', arm: index, scope: 'whole' }),
      INNER,
      250 + 24 * outcomes.length,
    );
    panels.push(titles([arm], INNER), row([image]));
  }
  const states = (['starting', 'serving', 'draining'] as const).map((state): LegendEntry => ({
    token: state,
    text: `instance ${state}`,
    kind: 'patch',
  }));
  const lines: LegendEntry[] = [
    { token: 'offered', text: 'offered', kind: 'line', dash: [4, 3] },
    { token: 'answered', text: 'answered', kind: 'line' },
  ];
  return sheetPng([
    ...head(view),
    ...panels,
    legend([...states, ...lines, ...marksOf(view.failures), ...phasesLegend(view.arms)]),
  ]);
}

/** All restarts of each arm overlaid, the signal at zero. PNG, 1200 px wide. */
export async function overlayPng(view: View): Promise<Buffer> {
  registerFonts();
  const columns = Math.min(3, Math.max(1, view.arms.length));
  const width = (INNER - (columns - 1) * GUTTER) / columns;
  const panels: Block[] = [];
  for (let first = 0; first < view.arms.length; first += columns) {
    const arms = view.arms.slice(first, first + columns);
    const most = Math.max(...arms.map(({ restarts }) => restarts.length));
    const images: Image[] = [];
    for (const index of arms.keys()) {
      images.push(
        await chartImage(
          chartOf(view, { chart: 'overlay', arm: first + index }),
          width,
          Math.min(560, 110 + 26 * Math.max(4, most)),
        ),
      );
    }
    panels.push(titles(arms, width), row(images, width));
  }
  return sheetPng([
    ...head(view),
    ...panels,
    legend([
      ...marksOf(view.failures.filter(({ sinceSignalMs }) => sinceSignalMs !== null)),
      ...phasesLegend(view.arms),
    ]),
  ]);
}

/**
 * The arms against each other: one chart with the arms as colours, and the medians with what their differences say.
 * PNG, 1200 px wide.
 */
export async function comparisonPng(view: View): Promise<Buffer> {
  registerFonts();
  const image = await chartImage(chartOf(view, { chart: 'profile' }), INNER, 400 + 16 * view.arms.length);
  const arms = view.arms.map(({ name }, index): LegendEntry => ({
    token: ARM_COLORS[index % ARM_COLORS.length] ?? 'arm-1',
    text: name,
    kind: 'line',
    dash: ARM_DASHES[Math.floor(index / ARM_COLORS.length) % ARM_DASHES.length] ?? [],
  }));
  const touched = view.failures.filter(({ sinceSignalMs }) => sinceSignalMs !== null);
  const { comparison } = view;
  return sheetPng([
    ...(view.judged === 'pairs' ? head(view).slice(0, 1) : head(view)),
    ...(comparison?.pairs ?? [])
      .slice(0, MOST_PAIRS)
      .map(({ sentence }) => paragraph(sentence, { size: 15, color: colorOf('text'), most: 2, after: 4 })),
    row([image]),
    legend([...arms, ...marksOf(touched)]),
    ...(comparison === null ? [] : [measuresTable(comparison)]),
  ]);
}

/** The verdict with what it means, the scenario, and what was seen. */
function head(view: View): Block[] {
  const verdict: Block = {
    height: 52,
    draw(context, top) {
      const word = write(context, VERDICT_WORDS[view.verdict], MARGIN, top + 40, {
        size: 26,
        weight: 700,
        color: VERDICT_COLORS[view.verdict],
      });
      const name = write(context, view.scenario, MARGIN + word + 14, top + 40, {
        size: 18,
        weight: 700,
        width: INNER - word - 240,
      });
      const remark = remarkOf(view);
      write(
        context,
        remark === null ? view.startedAt : `${remark}; ${view.startedAt}`,
        MARGIN + word + name + 28,
        top + 40,
        { size: 13, color: colorOf('muted'), width: INNER - word - name - 28 },
      );
    },
  };
  return [verdict, paragraph(view.headline, { size: 14, most: 2, after: 10 })];
}

/** The names of arms over their charts. */
function titles(arms: readonly ArmView[], width: number): Block {
  return {
    height: TITLE,
    draw(context, top) {
      for (const [index, arm] of arms.entries()) {
        const left = MARGIN + index * (width + GUTTER);
        const name = write(context, arm.name, left, top + 20, { size: 14, weight: 700, width: width - 110 });
        write(context, VERDICT_WORDS[arm.verdict], left + name + 10, top + 20, {
          size: 14,
          weight: 700,
          color: VERDICT_COLORS[arm.verdict],
        });
      }
    },
  };
}

/** Charts side by side. */
function row(images: readonly Image[], width = 0): Block {
  return {
    height: Math.max(...images.map(({ height }) => height)) + 6,
    draw(context, top) {
      for (const [index, image] of images.entries()) context.drawImage(image, MARGIN + index * (width + GUTTER), top);
    },
  };
}

function measuresTable(comparison: ComparisonView): Block {
  const { head: names, rows } = middlesTable(comparison, {
    measures: 'median (95 % interval)',
    sides: 'median (95 % interval)',
  });
  const width = (INNER - LABEL_WIDTH) / (names.length - 1);
  return {
    height: (rows.length + 1) * TABLE_ROW + 16,
    draw(context, top) {
      for (const [line, cells] of [names, ...rows].entries()) {
        const baseline = top + line * TABLE_ROW + 18;
        context.fillStyle = colorOf('grid');
        if (line > 0) context.fillRect(MARGIN, baseline - 18, INNER, 1);
        for (const [column, text] of cells.entries()) {
          const left = column === 0 ? MARGIN : MARGIN + LABEL_WIDTH + (column - 1) * width;
          write(context, text, left, baseline, {
            size: 13,
            weight: line === 0 && column > 0 ? 700 : 400,
            width: (column === 0 ? LABEL_WIDTH : width) - 10,
            color: colorOf(line === 0 || column === 0 ? 'muted' : 'text'),
          });
        }
      }
    },
  };
}

const failuresOf = (view: View, arm: ArmView): FailureView[] =>
  view.failures.filter((failure) => failure.arm === arm.name);
const marksOf = (failures: readonly FailureView[]): LegendEntry[] =>
  outcomesOf(failures).map((outcome) => ({ token: outcome, text: outcome, kind: 'mark' }));

function phasesLegend(arms: readonly ArmView[]): LegendEntry[] {
  const seen = new Set(
    arms.flatMap(({ restarts }) => restarts.flatMap((restart) => phasesOf(restart).map(({ moment }) => moment))),
  );
  return [...seen].map((moment) => ({ token: moment, text: PHASE_WORDS[moment], kind: 'patch' }));
}

/**
 * What a chart definition is: a Chart.js 4 configuration as plain JSON, with colour tokens.
 *
 * Rule: no callbacks, so that the same definition can be embedded in a page, drawn to a picture and compared in a test.
 */
import type { BandsOptions } from './bands.ts';

/**
 * A point that stands for failures carries the number of the first of them, so that the page can lead to its row, and
 * how many they are.
 */
export interface Point {
  x: number;
  y: number | null;
  n?: number;
  /** Absent for a single one. */
  count?: number;
}

export interface Dataset {
  type?: 'line' | 'scatter';
  label: string;
  data: Point[];
  yAxisID: string;
  [option: string]: unknown;
}

/** A Chart.js configuration as JSON. Colours are tokens of the palette, such as `$refused`. */
export interface ChartDefinition {
  type: 'line' | 'scatter';
  data: { datasets: Dataset[] };
  options: {
    scales: Record<string, Record<string, unknown>>;
    plugins: { bands: BandsOptions; [plugin: string]: unknown };
    [option: string]: unknown;
  };
}

/** A coordinate with as many digits as a screen can show. */
export function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** Settings that all charts share. */
export const SHARED_OPTIONS = {
  responsive: true,
  maintainAspectRatio: false,
  animation: false,
  parsing: false,
  normalized: true,
  layout: { padding: { top: 16, right: 8 } },
  interaction: { mode: 'nearest', intersect: true },
} as const;

/** A title of an axis. */
export function axisTitle(text: string): Record<string, unknown> {
  return { display: true, text, color: '$muted', font: { size: 12 } };
}

/** Grid and ticks of an axis, in the palette's colours. */
export const AXIS = { grid: { color: '$grid' }, border: { display: false } } as const;
export const TICKS = { color: '$muted', font: { size: 11 } } as const;

/** The legend and the title are written in HTML or drawn by the picture. */
export const NO_LEGEND = { legend: { display: false } } as const;

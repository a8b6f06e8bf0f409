/**
 * The colours of charts, for light and for dark ground, and the shape of each outcome.
 *
 * Rule: a chart definition names a colour as a token such as `$refused`; painting replaces it. Outcomes differ in shape
 * as well as in colour (Okabe and Ito's palette, which colour-blind people can tell apart). This module also runs in
 * the page: no imports.
 */

/** The colour of each token. */
export type Palette = Readonly<Record<string, string>>;

export const LIGHT: Palette = {
  ground: '#ffffff',
  text: '#1d2530',
  muted: '#5b6676',
  grid: '#e4e8ee',
  accent: '#2456c7',
  offered: '#9aa5b4',
  answered: '#2456c7',
  median: '#2456c7',
  worst: '#93a9dc',
  limit: '#a83232',
  stall: '#b3541e',
  refused: '#d55e00',
  reset: '#b0478a',
  closed: '#0072b2',
  raced: '#c98a00',
  truncated: '#00835f',
  timeout: '#1d2530',
  rejected: '#3f9fd6',
  failed: '#6a3fa0',
  unsent: '#8b95a3',
  frozen: '#c6e5e4',
  signalled: '#f6e3b4',
  'not-accepting': '#efd0da',
  listening: '#ddd3f3',
  ready: '#cfe3fb',
  gone: '#d3dae3',
  starting: '#a9d3bf',
  serving: '#2f7d5b',
  draining: '#e0a63c',
  'arm-1': '#2456c7',
  'arm-2': '#c2491a',
  'arm-3': '#0a7f63',
  'arm-4': '#8a3fa0',
  'arm-5': '#7a5a00',
  'arm-6': '#4f5b6b',
};

export const DARK: Palette = {
  ground: '#151a21',
  text: '#e6eaf0',
  muted: '#9aa6b5',
  grid: '#2a323d',
  accent: '#85a9ff',
  offered: '#6d7887',
  answered: '#85a9ff',
  median: '#85a9ff',
  worst: '#4a639f',
  limit: '#ff8f85',
  stall: '#f0a06a',
  refused: '#ff8a3d',
  reset: '#ec8cc4',
  closed: '#4fb4ee',
  raced: '#f2bd3f',
  truncated: '#35c79c',
  timeout: '#e6eaf0',
  rejected: '#8fd0f5',
  failed: '#b794ec',
  unsent: '#7d8898',
  frozen: '#1e4646',
  signalled: '#4b4020',
  'not-accepting': '#502f3d',
  listening: '#3b3358',
  ready: '#22405f',
  gone: '#36404d',
  starting: '#2b5a46',
  serving: '#4fae86',
  draining: '#c08a2c',
  'arm-1': '#85a9ff',
  'arm-2': '#ff9a6b',
  'arm-3': '#4fd0a8',
  'arm-4': '#cf9af0',
  'arm-5': '#e0bb4a',
  'arm-6': '#a9b5c4',
};

/** The colour of each arm, in their order; beyond them the colours begin again, with another dash. */
export const ARM_COLORS = ['arm-1', 'arm-2', 'arm-3', 'arm-4', 'arm-5', 'arm-6'] as const;
export const ARM_DASHES = [[], [6, 3], [2, 2]] as const;

/** Shapes of points, as Chart.js names them. */
export type Shape = 'triangle' | 'crossRot' | 'rect' | 'circle' | 'rectRot' | 'star' | 'rectRounded' | 'cross' | 'dash';

/** Those that are drawn as lines; all others as areas. */
export const STROKED: readonly Shape[] = ['crossRot', 'star', 'cross', 'dash'];

/** The point of each outcome, as Chart.js names it. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  refused: 'triangle',
  reset: 'crossRot',
  closed: 'rect',
  raced: 'circle',
  truncated: 'rectRot',
  timeout: 'star',
  rejected: 'rectRounded',
  failed: 'cross',
  unsent: 'dash',
};

/**
 * A copy of a chart definition in which every token is replaced by its colour. Points hold none, and are many: they are
 * not copied.
 */
export function painted<T>(definition: T, palette: Palette): T {
  if (typeof definition === 'string') {
    return (definition.startsWith('$') ? (palette[definition.slice(1)] ?? definition) : definition) as T;
  }
  if (Array.isArray(definition)) return definition.map((item: unknown) => painted(item, palette)) as T;
  if (definition === null || typeof definition !== 'object') return definition;
  return Object.fromEntries(
    Object.entries(definition).map(([key, value]) => [
      key,
      key === 'data' && Array.isArray(value) ? value : painted<unknown>(value, palette),
    ]),
  ) as T;
}

/**
 * A Chart.js plugin that draws phases as bands behind the data, and moments as upright lines.
 *
 * Rule: the same code draws in the page and in the picture, so it imports nothing and needs only a canvas.
 */

/**
 * From `from` to `to` on the x axis; over the whole height, or in the lane of one value of an axis, `y` unless named.
 */
export interface Band {
  from: number;
  to: number;
  color: string;
  lane?: number;
  axis?: string;
  opacity?: number;
  /** Written into the band where there is room for it. */
  text?: string;
  /** Where the text stands; at the start unless said otherwise. */
  textAt?: 'end';
  /** Instead of the chart's own. */
  textColor?: string;
}

/** An upright line at one value of the x axis. */
export interface Line {
  at: number;
  color: string;
  label?: string;
}

/** `options.plugins.bands` of a chart. */
export interface BandsOptions {
  bands: Band[];
  lines: Line[];
  labelColor: string;
  /** Of the text in bands. */
  textColor: string;
}

interface Scale {
  getPixelForValue(value: number): number;
}

interface DrawnChart {
  ctx: {
    save(): void;
    restore(): void;
    beginPath(): void;
    rect(x: number, y: number, width: number, height: number): void;
    clip(): void;
    fillRect(x: number, y: number, width: number, height: number): void;
    fillText(text: string, x: number, y: number): void;
    measureText(text: string): { width: number };
    fillStyle: string;
    globalAlpha: number;
    font: string;
    textAlign: string;
    textBaseline: string;
  };
  chartArea: { left: number; top: number; right: number; bottom: number };
  scales: Record<string, Scale | undefined>;
  options: { font?: { family?: string } };
}

const LANE_HEIGHT = 0.78;

export const bandsPlugin = {
  id: 'bands',
  defaults: { bands: [], lines: [], labelColor: '#000000', textColor: '#ffffff' },

  beforeDatasetsDraw(chart: DrawnChart, _args: unknown, options: BandsOptions): void {
    const { ctx, chartArea: area, scales } = chart;
    const x = scales['x'];
    if (x === undefined) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    ctx.clip();
    ctx.font = `10.5px ${chart.options.font?.family ?? 'sans-serif'}`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    for (const band of options.bands) {
      const left = x.getPixelForValue(band.from);
      const width = Math.max(1, x.getPixelForValue(band.to) - left);
      ctx.globalAlpha = band.opacity ?? 1;
      ctx.fillStyle = band.color;
      const y = scales[band.axis ?? 'y'];
      if (band.lane === undefined || y === undefined) {
        ctx.fillRect(left, area.top, width, area.bottom - area.top);
        continue;
      }
      const middle = y.getPixelForValue(band.lane);
      const height = Math.max(1, LANE_HEIGHT * Math.abs(y.getPixelForValue(band.lane + 1) - middle));
      ctx.fillRect(left, middle - height / 2, width, height);
      if (band.text === undefined || height < 10 || ctx.measureText(band.text).width > width - 8) continue;
      ctx.globalAlpha = 1;
      ctx.fillStyle = band.textColor ?? options.textColor;
      ctx.fillText(
        band.text,
        band.textAt === 'end' ? left + width - 4 - ctx.measureText(band.text).width : left + 4,
        middle + 0.5,
      );
    }
    ctx.globalAlpha = 1;
    for (const line of options.lines) {
      ctx.fillStyle = line.color;
      ctx.fillRect(Math.round(x.getPixelForValue(line.at)) - 0.75, area.top, 1.5, area.bottom - area.top);
    }
    ctx.restore();
  },

  /** Labels stand above the plot; one that would run into its neighbour is left out. */
  afterDraw(chart: DrawnChart, _args: unknown, options: BandsOptions): void {
    const { ctx, chartArea: area, scales } = chart;
    const x = scales['x'];
    if (x === undefined) return;
    const labels = options.lines
      .flatMap((line) => (line.label === undefined ? [] : [{ text: line.label, at: line.at }]))
      .sort((a, b) => a.at - b.at);
    ctx.save();
    ctx.fillStyle = options.labelColor;
    ctx.font = `11px ${chart.options.font?.family ?? 'sans-serif'}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'bottom';
    let taken = Number.NEGATIVE_INFINITY;
    for (const { text, at } of labels) {
      const pixel = x.getPixelForValue(at);
      const half = ctx.measureText(text).width / 2;
      if (pixel - half < taken || pixel < area.left - 1 || pixel > area.right + 1) continue;
      ctx.fillText(text, pixel, area.top - 3);
      taken = pixel + half + 5;
    }
    ctx.restore();
  },
};

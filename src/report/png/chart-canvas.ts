/**
 * Chart.js on a canvas without a browser, by chartjs-node-canvas.
 *
 * Rule: the only file that names it. `build.mjs` bundles it into this file's place in dist: it depends on the package
 * `canvas`, which compiles or downloads at install time, and draws on @napi-rs/canvas instead.
 */
export { ChartJSNodeCanvas } from 'chartjs-node-canvas';

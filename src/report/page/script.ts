/**
 * The scripts of the page as text: Chart.js, and our own modules joined into one.
 *
 * Rule: no bundler. The compiled modules are put one after another in the order of their imports, and the import lines left
 * out; so these modules import only each other, one line an import, and no two of them declare the same name.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { entryPath } from '../../model/entry.ts';

const MODULES = [
  'model/outcome',
  'report/visible',
  ...['palette', 'bands', 'definition', 'phases', 'clock', 'lanes', 'marks', 'timeline', 'latency', 'overlay', 'profile'].map((name) => `report/charts/${name}`),
  'report/charts',
  ...['markup', 'failure-row', 'data', 'filters', 'list', 'drawing', 'client'].map((name) => `report/page/${name}`),
];

/** Our own script, an ES module without imports. */
export function clientScript(): string {
  return MODULES.map((module) =>
    readFileSync(entryPath(module), 'utf8')
      .replace(/^import .*$/gm, '')
      .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
      .replace(/^\/\*\*?[\s\S]*?\*\/$/gm, '')
      .trim(),
  ).join('\n');
}

/** Chart.js as one classic script that defines `Chart`. */
export function chartScript(): string {
  const path = createRequire(import.meta.url).resolve('chart.js').replace(/chart\.(c?js)$/, 'chart.umd.min.js');
  return readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '').trim();
}

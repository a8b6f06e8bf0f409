/**
 * The scripts of the page as text: Chart.js, and our own, bundled by `npm run build`.
 *
 * Rule: what is embedded needs nothing else; no request goes out.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { entryPath } from '../../model/entry.ts';

/** Our own script, an ES module without imports. */
export function clientScript(): string {
  return readFileSync(entryPath('report/page/page'), 'utf8').trim();
}

/** Chart.js as one classic script that defines `Chart`. */
export function chartScript(): string {
  const path = createRequire(import.meta.url)
    .resolve('chart.js')
    .replace(/chart\.(c?js)$/, 'chart.umd.min.js');
  return readFileSync(path, 'utf8')
    .replace(/^\/\/# sourceMappingURL=.*$/m, '')
    .trim();
}

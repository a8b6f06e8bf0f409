/**
 * A comparison in a terminal: a table of the middles, and what each pair comes to.
 *
 * Rule: the answer comes last, where the eye is when the command has ended.
 */
import Table from 'cli-table3';
import picocolors from 'picocolors';
import type { ComparedPair } from '../../model/comparison.ts';
import { middlesTable } from '../view/comparison-view.ts';
import { BORDERLESS } from './borderless.ts';
import { oneLine } from './terminal.ts';
import type { ComparisonView } from '../view/view.ts';

/** The comparison, ending with a line break. `reportPath` is told as the place of the page. */
export function comparisonText(
  comparison: ComparisonView,
  { color, reportPath }: { color: boolean; reportPath?: string },
): string {
  const colors = picocolors.createColors(color);
  const shown: Readonly<Record<ComparedPair['outcome'], (text: string) => string>> = {
    worse: colors.red,
    better: colors.green,
    'not-shown': (text) => text,
    unclear: colors.yellow,
  };
  const { measures, pairs, warnings } = comparison;
  const { head, rows } = middlesTable(comparison, {
    measures: 'median (95 % interval)',
    sides: 'median (95 % interval)',
  });
  const table = new Table({
    head: head.map((name) => colors.dim(oneLine(name))),
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    ...BORDERLESS,
  });
  for (const row of rows) table.push(row.map(oneLine));
  return [
    '',
    table.toString(),
    '',
    ...warnings.map((warning) => colors.dim(`  ${oneLine(warning)}`)),
    ...pairs.flatMap((pair, position) => [
      '',
      `  ${colors.bold(shown[pair.outcome](oneLine(pair.sentence)))}`,
      ...measures.map((measure) => colors.dim(`    ${oneLine(measure.pairs[position]?.sentence ?? '')}`)),
    ]),
    '',
    ...(reportPath === undefined ? [] : [`Report: ${oneLine(reportPath)}`]),
    '',
  ].join('\n');
}

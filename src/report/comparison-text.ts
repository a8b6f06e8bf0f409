/**
 * A comparison in a terminal: a table of the middles, and what each pair comes to.
 *
 * Rule: the answer comes last, where the eye is when the command has ended.
 */
import Table from 'cli-table3';
import picocolors from 'picocolors';
import type { ComparedPair } from '../model/comparison.ts';
import { visible } from './terminal.ts';
import type { ComparisonView } from './view.ts';

/** The comparison, ending with a line break. `reportPath` is told as the place of the page. */
export function comparisonText(comparison: ComparisonView, { color, reportPath }: { color: boolean; reportPath?: string }): string {
  const colors = picocolors.createColors(color);
  const shown: Readonly<Record<ComparedPair['outcome'], (text: string) => string>> = { worse: colors.red, better: colors.green, 'not-shown': (text) => text, unclear: colors.yellow };
  const { measures, sides, pairs, warnings } = comparison;
  const table = new Table({
    head: ['median (95 % interval)', ...sides.map(({ name }) => visible(name))].map((name) => colors.dim(name)),
    colAligns: ['left', ...sides.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
    chars: { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ' ' },
  });
  for (const { label, sides: values } of measures) table.push([label, ...values.map(({ text }) => text)]);
  return [
    '',
    table.toString(),
    '',
    ...warnings.map((warning) => colors.dim(`  ${visible(warning)}`)),
    ...pairs.flatMap((pair, position) => [
      '',
      `  ${colors.bold(shown[pair.outcome](visible(pair.sentence)))}`,
      ...measures.map((measure) => colors.dim(`    ${visible(measure.pairs[position]?.sentence ?? '')}`)),
    ]),
    '',
    ...(reportPath === undefined ? [] : [`Report: ${visible(reportPath)}`]),
    '',
  ].join('\n');
}

/**
 * summary.md: the verdict for a comment on a pull request or a step summary of CI.
 *
 * Rule: everything that is not ours is escaped, so that it can neither mention people nor become markup.
 */
import { middlesTable } from '../view/comparison-view.ts';
import type { FindingView, View } from '../view/view.ts';
import { countText, dirtyText, msText, quantity, remarkOf, slowedText, VERDICT_WORDS } from '../view/words.ts';

const MOST_FINDINGS = 10;

/** The whole summary. */
export function summaryMarkdown(view: View): string {
  const remark = remarkOf(view);
  const slowed = slowedText(view);
  const rest = view.findings.length - MOST_FINDINGS;
  return [
    `## ${VERDICT_WORDS[view.verdict]}${slowed === null ? '' : `, ${slowed}`}: ${plain(view.scenario)}` +
      (remark === null ? '' : ` (${remark})`),
    '',
    `${plain(view.headline)}${view.interrupted ? ' The run was ended early by the user.' : ''}`,
    '',
    ...armsTable(view),
    '',
    ...view.arms.flatMap((arm) => [`**${plain(arm.name)}.** ${arm.sentences.map(plain).join(' ')}`, '']),
    ...comparisonLines(view),
    ...surpriseLines(view),
    ...(view.findings.length === 0
      ? []
      : ['### Reasons', '', ...view.findings.slice(0, MOST_FINDINGS).map(findingLine)]),
    ...(rest > 0 ? [`- ${quantity(rest, 'more finding')} in the report.`] : []),
    ...(view.findings.length === 0 ? [] : ['']),
    `Run again: ${codeSpan(view.command)} (seed ${view.seed}). ${plain(view.startedAt)}, ${view.duration}, ` +
      `${plain(view.environment)}, zerodrop ${plain(view.zerodrop)}.`,
    '',
  ].join('\n');
}

function armsTable(view: View): string[] {
  const head = [
    'Arm',
    'Strategy',
    'Verdict',
    'Due',
    'Lost',
    'Raced',
    'Rejected',
    'Failed',
    'Longest wait',
    'Stalled',
    'Longest gap',
    'p99 quiet',
    'p99 restart',
    'Dirty restarts',
  ];
  const rows = view.arms.map((arm) => [
    plain(arm.name),
    plain(arm.strategy),
    VERDICT_WORDS[arm.verdict],
    ...[arm.counts.due, arm.counts.lost, arm.counts.raced, arm.counts.rejected, arm.counts.failed].map(countText),
    msText(arm.longestWaitMs),
    msText(arm.stalledMs),
    msText(arm.longestGapMs),
    ...arm.latency.map(({ p99 }) => p99),
    dirtyText(arm),
  ]);
  const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, column) => (column < 3 ? '---' : '---:'))), ...rows.map(row)];
}

/** Measure by measure, with what each pair comes to. */
function comparisonLines({ comparison, headline }: View): string[] {
  if (comparison === null) return [];
  const row = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
  const { head, rows } = middlesTable(comparison, { measures: 'Measure', sides: 'Arm' });
  return [
    '### Against each other',
    '',
    ...(comparison.sentence === headline
      ? []
      : [...comparison.pairs.map(({ sentence }) => `- ${plain(sentence)}`), '']),
    ...comparison.warnings.flatMap((warning) => [plain(warning), '']),
    row(head),
    `| --- |${' ---: |'.repeat(head.length - 1)}`,
    ...rows.map(row),
    '',
  ];
}

function surpriseLines({ arms }: View): string[] {
  const lines = arms
    .filter(({ expectsMore }) => expectsMore)
    .flatMap(({ name, surprises }) => surprises.map((surprise) => `- ${plain(name)}: ${plain(surprise)}`));
  return lines.length === 0 ? [] : ['### Not as expected', '', ...lines, ''];
}

function findingLine({ severity, arm, restart, message, hint, code }: FindingView): string {
  const word = severity === 'note' ? 'Note' : VERDICT_WORDS[severity];
  return (
    `- **${word}**, ${plain(arm)}${restart === null ? '' : `, restart ${restart}`}: ${plain(message)} ` +
    `${plain(hint)} (${codeSpan(code)})`
  );
}

/** Text on one line that is nothing but text, also in a cell of a table. */
export function plain(text: string): string {
  return oneLine(text)
    .replace(/[&<>@]|#(?=\d)|:(?=\/\/)/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\\`*_[\]|~]/g, '\\$&');
}

/** Text on one line in a code span. */
function codeSpan(text: string): string {
  const line = oneLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

const oneLine = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');

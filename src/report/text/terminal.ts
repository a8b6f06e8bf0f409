/**
 * The end of a run in a terminal: a table of verdicts, the reasons, and where the report lies.
 *
 * Rule: what came from a target is shown, never obeyed: control characters become visible.
 */
import Table from 'cli-table3';
import picocolors from 'picocolors';
import { BORDERLESS } from './borderless.ts';
import type { Verdict } from '../../model/expect.ts';
import type { FindingView, View } from '../view/view.ts';
import { visible } from '../view/visible.ts';
import { countText, dirtyText, msText, quantity, remarkOf, slowedText, VERDICT_WORDS } from '../view/words.ts';

export interface TerminalOptions {
  color: boolean;
  /** Path of the report, as it shall be shown. */
  reportPath?: string;
}

type Colors = ReturnType<typeof picocolors.createColors>;

/** So many reasons, and so many comparisons; fewer beside many arms, so that all fits a screen. */
const MOST = { beside: 4, few: 6, many: 3 };
/** Notes that are shown here, too, so that nobody takes for proven what was not done or not tried. */
const SHOWN_NOTES: readonly string[] = ['step-failed', 'restart-not-proven', 'rolled-back', 'never-reused'];

/** The summary, ending with a line break. */
export function summaryText(view: View, { color, reportPath }: TerminalOptions): string {
  const colors = picocolors.createColors(color);
  const most = view.arms.length > MOST.beside ? MOST.many : MOST.few;
  const shown = view.findings
    .filter(({ severity, code }) => severity !== 'note' || SHOWN_NOTES.includes(code))
    .slice(0, most);
  const rest = view.findings.length - shown.length;
  return [
    '',
    armsTable(view, colors),
    '',
    ...(view.arms.length === 1
      ? (view.arms[0]?.sentences ?? []).map((sentence) => `  ${oneLine(sentence)}`).concat('')
      : []),
    ...comparisonLines(view, shown, most),
    ...shown.flatMap((finding, position) =>
      findingLines(
        finding,
        view.arms.length > 1,
        colors,
        shown.slice(0, position).every(({ hint }) => hint !== finding.hint),
      ),
    ),
    ...(rest > 0 ? [colors.dim(`  and ${rest} more in the report`), ''] : []),
    ...surpriseLines(view),
    `${conclusionText(view, colors)}${view.interrupted ? ', ended early' : ''}: ${oneLine(view.scenario)}, ` +
      view.duration,
    ...(reportPath === undefined ? [] : [`Report: ${oneLine(reportPath)}`]),
    '',
  ].join('\n');
}

/** The one thing that matters: whether this is how it should be. A control that had to fail is no bad news. */
function conclusionText(view: View, colors: Colors): string {
  const remark = view.asExpected ? null : remarkOf(view);
  if (remark !== null) return `${verdictWord(view.verdict, colors)}, ${remark}`;
  if (view.arms.every(({ expect }) => expect === 'pass')) {
    const slowed = slowedText(view);
    return verdictWord(view.verdict, colors) + (slowed === null ? '' : `, ${slowed}`);
  }
  const verdicts = view.arms.map(({ name, verdict }) => `${oneLine(name)} ${verdict}`);
  return `${colors.bold(colors.green('As the scenario expects'))} (${verdicts.join(', ')})`;
}

function verdictWord(verdict: Verdict, colors: Colors): string {
  const word = VERDICT_WORDS[verdict];
  switch (verdict) {
    case 'pass':
      return colors.bold(colors.green(word));
    case 'fail':
      return colors.bold(colors.red(word));
    case 'inconclusive':
      return colors.bold(colors.yellow(word));
  }
}

function armsTable(view: View, colors: Colors): string {
  const numbers = [
    'due',
    'lost',
    'raced',
    'longest wait',
    'stalled',
    'longest gap',
    'p99 quiet',
    'p99 restart',
    'dirty restarts',
  ];
  const table = new Table({
    head: ['arm', 'strategy', 'verdict', ...numbers].map((name) => colors.dim(name)),
    colAligns: ['left', 'left', 'left', ...numbers.map(() => 'right' as const)],
    ...BORDERLESS,
  });
  for (const arm of view.arms) {
    const bad = (count: number): string => (count === 0 ? '0' : colors.red(countText(count)));
    table.push([
      oneLine(arm.name),
      oneLine(arm.strategy),
      verdictWord(arm.verdict, colors) +
        (arm.asExpected || !arm.expectsMore
          ? ''
          : arm.verdict === arm.expect
            ? ' (not as expected)'
            : ` (expected ${arm.expect})`),
      countText(arm.counts.due),
      bad(arm.counts.lost),
      bad(arm.counts.raced),
      msText(arm.longestWaitMs),
      msText(arm.stalledMs),
      msText(arm.longestGapMs),
      ...arm.latency.map(({ p99 }) => p99),
      dirtyText(arm),
    ]);
  }
  return table.toString();
}

/**
 * What each arm is against the first, or the run against its baseline: a sentence a pair, unless a reason says it
 * already.
 */
function comparisonLines({ comparison }: View, told: readonly FindingView[], most: number): string[] {
  const sentences = (comparison?.pairs ?? [])
    .map(({ sentence }) => sentence)
    .filter((sentence) => !told.some(({ message }) => message === sentence));
  const rest = sentences.length - most;
  const lines = sentences.slice(0, most).map((sentence) => `  ${oneLine(sentence)}`);
  return lines.length === 0
    ? []
    : [...lines, ...(rest > 0 ? [`  and ${quantity(rest, 'more comparison')} in the report`] : []), ''];
}

/** Why it is not as expected. A mere pass that was not reached has its reasons in the findings. */
function surpriseLines({ arms }: View): string[] {
  const lines = arms
    .filter(({ expectsMore }) => expectsMore)
    .flatMap(({ name, surprises }) =>
      surprises.map((surprise) => `  Not as expected${arms.length > 1 ? `, ${oneLine(name)}` : ''}: ${surprise}`),
    );
  return lines.length === 0 ? [] : [...lines, ''];
}

/** A reason, and what to do about it unless that was said already. */
function findingLines(
  { severity, arm, restart, message, hint }: FindingView,
  manyArms: boolean,
  colors: Colors,
  isNewHint: boolean,
): string[] {
  const where = [...(manyArms ? [oneLine(arm)] : []), ...(restart === null ? [] : [`restart ${restart}`])].join(', ');
  const word = severity === 'note' ? colors.dim('Note') : verdictWord(severity, colors);
  return [
    `  ${word}${where === '' ? '' : ` ${where}`}: ${oneLine(message)}`,
    ...(isNewHint ? [colors.dim(`    ${oneLine(hint)}`)] : []),
    '',
  ];
}

/** Text on one line in which whatever would steer a terminal or a CI system is written out. */
export function oneLine(text: string): string {
  return visible(withoutCommands(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, written));
}

/**
 * The text without commands of GitHub Actions (`::set-output name=a::b`) and Azure Pipelines (`##vso[...]`, `##[...]`),
 * wherever they stand in a line. Paths such as `std::io::Error` are no commands.
 */
export function withoutCommands(text: string): string {
  return text
    .replace(/^\s*::/gm, (start) => start.replace(':', written))
    .replace(
      /::(?=(?:set-output|set-env|add-path|save-state|add-mask|(?:add|remove)-matcher|error|warning|notice|debug|group|endgroup|stop-commands|echo)(?:\s[^\n]*?)?::)/gi,
      (sign) => sign.replace(':', written),
    )
    .replace(/##(?=(?:vso)?\[)/gi, (sign) => sign.replace('#', written));
}

function written(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

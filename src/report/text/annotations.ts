/**
 * Annotations: the reasons of a verdict as GitHub shows them beside a check.
 *
 * Rule: at most ten, which is what GitHub shows of one step; what came from a target can never be a command of its own.
 */
import { withoutCommands } from './terminal.ts';
import type { FindingView, View } from '../view/view.ts';
import { VERDICT_WORDS } from '../view/words.ts';

const MOST = 10;
const COMMANDS = { fail: 'error', inconclusive: 'warning' } as const;
type Command = 'error' | 'warning' | 'notice';

/** The workflow commands, one a line, the gravest first. With `expect`, an arm that is as expected says nothing. */
export function annotationLines(view: View, { expect = false }: { expect?: boolean } = {}): string[] {
  const quiet = new Set(expect ? view.arms.filter(({ asExpected }) => asExpected).map(({ name }) => name) : []);
  const surprises = view.arms.flatMap(({ name, surprises: words }) =>
    expect ? words.map((message) => command('error', `${view.scenario}, ${name}: not as expected`, message)) : [],
  );
  const told = view.findings.filter(({ arm }) => !quiet.has(arm)).flatMap((finding) => findingLines(finding, view));
  const lines = [...surprises, ...told];
  if (lines.length <= MOST) return lines;
  const rest = lines.length - MOST + 1;
  return [...lines.slice(0, MOST - 1), command('notice', view.scenario, `${rest} more in the report.`)];
}

/** A note is no news for a check. */
function findingLines({ severity, arm, restart, message, hint }: FindingView, { scenario }: View): string[] {
  if (severity === 'note') return [];
  const where = restart === null ? '' : `, restart ${restart}`;
  return [command(COMMANDS[severity], `${VERDICT_WORDS[severity]}: ${scenario}, ${arm}${where}`, `${message} ${hint}`)];
}

/** One command. What ends a line or a property is escaped as the runner of GitHub Actions unescapes it. */
function command(name: Command, title: string, message: string): string {
  return `::${name} title=${data(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${data(message)}`;
}

const data = (text: string): string =>
  withoutCommands(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/**
 * The words of a command line that belong to another program.
 *
 * Rule: pure but for a look into PATH; only commands that take a program after two dashes are divided.
 */
import { isInPath } from '../../processes/command.ts';

const TAKE_A_PROGRAM = ['try'];
/** Some of them are also names of programs, such as ImageMagick's compare. */
const COMMANDS = ['run', 'try', 'compare', 'validate', 'strategies', 'judge', 'report', 'init', 'doctor', 'completion'];

/** Our own words, and those after two dashes. */
export function wordsOf(words: readonly string[]): { own: string[]; command: string[] } {
  const at = words.indexOf('--');
  if (at < 0 || !TAKE_A_PROGRAM.includes(words[0] ?? '')) return { own: [...words], command: [] };
  return { own: words.slice(0, at), command: words.slice(at + 1) };
}

/** The words, when they start a program and no command of ours; `try` may stand before them. */
export function programIn(words: readonly string[], path: string | undefined): string[] | undefined {
  const program = words[0] === 'try' ? words.slice(1) : [...words];
  const [first = ''] = program;
  if (COMMANDS.includes(first)) return undefined;
  const isOne = /^\.{0,2}\//.test(first) || (/^[\w.+-]+$/.test(first) && isInPath(first, path));
  return isOne ? program : undefined;
}

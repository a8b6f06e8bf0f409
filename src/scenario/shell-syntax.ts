/**
 * What only a shell understands in a command that is started without one, and the YAML that says it properly.
 *
 * Rule: text is read as processes/command.ts splits it: what stands in quotes is an argument and is left alone. A sign
 * within a word (`--sep=|`) may be meant as it stands; only what cannot be an argument is a problem.
 */

/** A word of a command, and what of it stands outside of quotes: quoted characters are blanked out. */
interface Word {
  raw: string;
  bare: string;
  start: number;
}

/** What a shell would have read. */
export interface ShellSyntax {
  /** The part that gives it away, such as `&&`. */
  sign: string;
  /** The fields to write instead, as YAML; the better way first. */
  instead: string[];
}

/** What the command is for: what stays (a server, a service) has an environment and a folder of its own. */
export interface CommandUse {
  /** The field that it stands in, such as `command`. */
  field: string;
  stays: boolean;
}

const BLANK = '\u0001';
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const OPERATOR = /^(?:&&|\|\||\||;|&|\d*>>?(?!=)|\d*<(?!=)|&>)/;
const ENDS_COMMAND = /[;&]$/;
const IN_PROGRAM = /[;&|<>]/;
const EXPANSION = /\$\(|`|\$(?=[A-Za-z_])/;
const BUILTINS: ReadonlySet<string> = new Set(
  ['cd', 'exec', 'source', '.', 'export', 'ulimit', 'umask', 'set', 'trap', 'eval'].concat(['if', 'for', 'while']),
);

/** What needs a shell in the text of a command; undefined when nothing does. */
export function shellSyntaxIn(text: string, { field, stays }: CommandUse): ShellSyntax | undefined {
  const words = wordsIn(text);
  const assigned = words.findIndex(({ bare }) => !ASSIGNMENT.test(bare));
  const assignments = words.slice(0, assigned < 0 ? words.length : assigned);
  const sign = signIn(words.slice(assignments.length));
  if (sign === undefined && assignments.length === 0) return undefined;
  const rest = assignments.length === words.length ? '' : text.slice(words[assignments.length]?.start).trim();
  const plain = (command: string): string => `${field}: ${yamlText(command)}`;
  const shell = `${field}: {shell: ${JSON.stringify(stays ? withExec(text) : text.trim())}}`;
  if (sign === undefined) {
    const environment = assignments.map(({ raw }) => {
      const at = raw.indexOf('=');
      return `${raw.slice(0, at)}: ${JSON.stringify(unquoted(raw.slice(at + 1)))}`;
    });
    const own = `environment: {${environment.join(', ')}}`;
    return {
      sign: (assignments[0] as Word).raw,
      instead: rest === '' ? [own] : stays ? [`${plain(rest)} and ${own}`, shell] : [shell],
    };
  }
  return { sign, instead: [...betterThanShell(words, text, { stays, plain }), shell] };
}

/** Where a field says it as well as a shell: a folder, the variable of a scenario, the foreground. */
function betterThanShell(
  words: readonly Word[],
  text: string,
  { stays, plain }: { stays: boolean; plain: (command: string) => string },
): string[] {
  const bare = words.map((word) => word.bare);
  const rest = (from: number): string => text.slice(words[from]?.start).trim();
  const isSimple = (from: number): boolean => words.length > from && signIn(words.slice(from)) === undefined;
  if (stays && bare[0] === 'cd' && (bare[2] === '&&' || bare[2] === ';') && isSimple(3)) {
    return [`${plain(rest(3))} and working_dir: ${yamlText(unquoted((words[1] as Word).raw))}`];
  }
  if (bare[0] === 'exec' && isSimple(1)) return [plain(rest(1))];
  const foreground = text.trim().replace(/\s*&$/, '');
  if (stays && bare.at(-1)?.endsWith('&') === true && !isBlank(foreground) && isPlain(foreground)) {
    return [plain(foreground)];
  }
  const braced = text.trim().replaceAll(/\$([A-Za-z_]\w*)/g, '$${$1}');
  return braced !== text.trim() && isPlain(braced) ? [plain(braced)] : [];
}

const isBlank = (text: string): boolean => text.trim() === '';
const isPlain = (text: string): boolean => shellSyntaxIn(text, { field: '', stays: false }) === undefined;

/** The first word that is for a shell. */
function signIn(words: readonly Word[]): string | undefined {
  for (const [index, { bare, raw }] of words.entries()) {
    const isProgram = index === 0;
    const expansion = EXPANSION.exec(bare)?.[0];
    if (expansion !== undefined) return expansion === '$' ? raw : expansion === '`' ? '`' : '$(...)';
    const operator = OPERATOR.exec(bare)?.[0] ?? (isProgram ? IN_PROGRAM : ENDS_COMMAND).exec(bare)?.[0];
    if (operator !== undefined) return operator;
    if (isProgram && BUILTINS.has(bare)) return bare;
  }
  return undefined;
}

/**
 * The text with `exec` before its last command, so that a shell becomes the program and does not stand between it and
 * its signals; as it is where that would change what it does.
 */
function withExec(text: string): string {
  const words = wordsIn(text);
  const breaks = words.flatMap(({ bare }, index) => (bare === '&&' || ENDS_COMMAND.test(bare) ? [index] : []));
  const first = (breaks.at(-1) ?? -1) + 1;
  const last = words.slice(first).findIndex(({ bare }) => !ASSIGNMENT.test(bare));
  const program = last < 0 ? undefined : words[first + last];
  const isPipe = words.some(({ bare }) => bare.includes('|'));
  if (program === undefined || isPipe || BUILTINS.has(program.bare)) return text.trim();
  return `${text.slice(0, program.start)}exec ${text.slice(program.start)}`.trim();
}

function wordsIn(text: string): Word[] {
  const words: Word[] = [];
  let word: Word | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === undefined && /\s/.test(char)) {
      word = undefined;
      continue;
    }
    if (word === undefined) words.push((word = { raw: '', bare: '', start: at }));
    word.raw += char;
    word.bare += quote === undefined && char !== '"' && char !== "'" ? char : BLANK;
    if (quote === char) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) quote = char;
  }
  return words;
}

const unquoted = (raw: string): string => raw.replaceAll(/(["'])(.*?)\1/g, '$2');

/** Plain where YAML reads it as text, otherwise in quotes. */
function yamlText(text: string): string {
  return /^[A-Za-z./][\w./ ${}=-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

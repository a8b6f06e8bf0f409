/**
 * Secrets in a text that are known by their form: keys in PEM, tokens, passwords in addresses, `name=value`.
 *
 * Rule: one walk finds them for both uses, to mask them and to learn them. It reads what people and programs write
 * (commands, queries, bodies, headers, JSON, logs) and leaves prose alone where that can be told.
 */
import { isCertainName, isPlace, isSecretName } from './names.ts';
import { TOKEN } from './tokens.ts';

const PEM = /(-----BEGIN [A-Z0-9 ]+-----)([\s\S]+?)(-----END [A-Z0-9 ]+-----|$)/g;
/** A password of a web address ends before its path; databases take any, and several hosts. */
const PASSWORD_OF_WEB = /(\b(?:https?|wss?):\/\/[^\s/?#:@"'<>]*:)([^\s/?#"'<>]+)(?=@)/gi;
const PASSWORD_OF_STORE = /(\b(?!https?:|wss?:)[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/?#:@"'<>]*:)([^\s"'<>]+)(?=@)/gi;
const TOKEN_OF_ADDRESS = /(\bhttps?:\/\/)([^\s/?#:@"'<>]{6,})(?=@)/gi;
/** Headers whose whole value counts, up to the end of the line or of the quotes. */
const WHOLE_HEADER =
  /(\b(?:(?:proxy-)?authorization|(?:set-)?cookie2?)\\?["']?[ \t]*[:=][ \t]*\\?["']?)([^\r\n"'\\]+)/gi;
const SCHEME = /(\b(?:bearer|basic|digest|negotiate|apikey|token)[ \t]+)([\w.~+/=-]{6,})/gi;
const USER_OPTION = /((?:^|\s)(?:-u|-U|--(?:proxy-)?user)[ \t=]+[^\s:]+:)(\S+)/g;
const PASSWORD_OPTION =
  /((?:\bsshpass\s+-p\s*|\b(?:mysql|mariadb)\w*\b[^\n]*?\s-p|\bredis-cli\b[^\n]*?\s(?:-a|--pass)\s+))([^\s-]\S*)/g;
const ELEMENT = /(<([A-Za-z][\w:.-]*)(?:\s[^<>]*)?>)([^<]+)(?=<\/\2>)/g;

const NAME =
  /(?<![\w.-])(-{0,2})(\\?["']?)([A-Za-z_][\w.-]*)\2(?:\]|%5D)?[ \t]{0,2}(:=|=>|=|:|(?=[ \t\n])(?<=(?:^|\s)-{1,2}[\w.-]+)[ \t\n]+)[ \t]{0,2}/g;
const VALUE = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\\"(?:(?!\\")[^\n])*\\"|[^\s"'&;<>\\]*[^\s"'&;<>\\,)}\]]/y;
const REST_OF_LINE = /[^\n]+/y;

/**
 * The text with every secret in it replaced by what `replace` makes of it. `source`: the text is YAML or the like,
 * where
 * `name: value` is never prose and a value goes to the end of its line.
 */
export function withSecrets(text: string, replace: (secret: string) => string, { source = false } = {}): string {
  const second = (_: string, before: string, secret: string): string => before + replace(secret);
  const found = text
    .replace(PEM, (_, begin: string, secret: string, end: string) => begin + replace(secret) + end)
    .replace(PASSWORD_OF_WEB, second)
    .replace(PASSWORD_OF_STORE, second)
    .replace(TOKEN_OF_ADDRESS, second)
    .replace(WHOLE_HEADER, second)
    .replace(SCHEME, (all, before: string, secret: string) => (isProse(secret) ? all : before + replace(secret)))
    .replace(USER_OPTION, (all, before: string, secret: string) =>
      /^\d+$/.test(secret) ? all : before + replace(secret),
    )
    .replace(PASSWORD_OPTION, second)
    .replace(ELEMENT, (all, before: string, name: string, secret: string) =>
      isSecretName(name) ? before + replace(secret) : all,
    )
    .replace(TOKEN, replace);
  return withNamedValues(found, replace, source);
}

/** `name=value`, `name: value`, `--name value`, with quotes or without. */
function withNamedValues(text: string, replace: (secret: string) => string, source: boolean): string {
  const form = source ? REST_OF_LINE : VALUE;
  let result = '';
  let end = 0;
  for (const match of text.matchAll(NAME)) {
    const [all, , quote = '', name = '', sign = ''] = match;
    if (match.index < end || !isSecretName(name)) continue;
    form.lastIndex = match.index + all.length;
    const [value] = form.exec(text) ?? [];
    if (value === undefined) continue;
    const [, open = '', secret = ''] = /^(\\?["']?)([^]*?)\1$/.exec(value) ?? [];
    const isOption = sign.trim() === '';
    if (secret === '' || (isOption && secret.startsWith('-')) || isPlace(name, secret)) continue;
    if (sign === ':' && quote === '' && open === '' && !source && !isCertainName(name) && isProse(secret)) continue;
    result += `${text.slice(end, match.index + all.length)}${open}${replace(secret)}${open}`;
    end = match.index + all.length + value.length;
  }
  return result + text.slice(end);
}

/** A word of a sentence, such as in "Basic authentication" or "session: lost". */
function isProse(text: string): boolean {
  return text.length < 20 && !(/\d/.test(text) && /[A-Za-z]/.test(text) && text.length >= 6) && !text.includes('=');
}

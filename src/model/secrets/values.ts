/**
 * The secret values that a run knows: those of its scenario, and those that zerodrop has inherited.
 *
 * Rule: a value is a secret by the name that it has or by its form. Values that could be any word (short ones, numbers
 * of few digits, the name of this machine) are masked where they stand, and not wherever they show up.
 */
import { isPlace, isSecretName } from './names.ts';
import { withSecrets } from './forms.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const LEAST_LETTERS = 6;
const LEAST_DIGITS = 8;
/** Settings that stand under names such as AUTH_MODE or SESSION_STORE. */
const ORDINARY =
  /^(?:enabled|disabled|default|required|optional|production|development|staging|testing|localhost|memory|cookie|session|secret|password|bearer|header|redis|postgres|(?:https?:\/\/)?(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[?::1\]?)(?::[\w${}]*)?\/?|\$\{?\w+\}?|\*+|\/[\w./-]*)$/i;

/** The maps of a scenario whose keys are names of the user's, with a value each. */
export const NAMED_MAPS: ReadonlySet<string> = new Set(['environment', 'headers']);

/** All secret values of a scenario (as its author writes it, or as read from a file) and of an environment. */
export function secretsIn(source: unknown, environment: Variables): Set<string> {
  const found = new Set<string>();
  for (const [name, value] of Object.entries(environment)) learnNamed(name, value, found, {});
  learn(source, found, environment);
  return found;
}

function learn(value: unknown, found: Set<string>, environment: Variables): void {
  if (typeof value === 'string') learnText(value, found, environment);
  else if (Array.isArray(value)) {
    learnText(value.filter((item) => typeof item === 'string').join(' '), found, environment);
    for (const item of value) learn(item, found, environment);
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, inner] of Object.entries(value)) {
      if (NAMED_MAPS.has(field) && typeof inner === 'object' && inner !== null) {
        for (const [name, named] of Object.entries(inner as Record<string, unknown>)) {
          learnNamed(name, named, found, environment);
        }
      } else learn(inner, found, environment);
    }
  }
}

/** A value with a name: as a whole when the name says so, and whatever else is in it. */
function learnNamed(name: string, value: unknown, found: Set<string>, environment: Variables): void {
  const text = ['string', 'number'].includes(typeof value) ? String(value) : '';
  if (text === '') return;
  if (isSecretName(name) && !isPlace(name, text)) add(text, found, environment);
  learnText(text, found, environment);
}

function learnText(text: string, found: Set<string>, environment: Variables): void {
  withSecrets(text, (secret) => {
    add(secret, found, environment);
    return secret;
  });
}

/** Enters a secret, the parts that are secrets of their own, and what its references stand for. */
function add(secret: string, found: Set<string>, environment: Variables): void {
  const bare = secret.replace(/^(?:Bearer|Basic|Token|ApiKey|Negotiate)\s+/i, '');
  const decoded = decodedOf(bare);
  const credentials = bare === secret ? '' : Buffer.from(bare, 'base64').toString('latin1');
  const parts = [
    ...(/[=;]/.test(bare) ? bare.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1)) : []),
    ...bare.split(/[\s,;@:]+/).filter((part) => part.length >= LEAST_DIGITS && /\d/.test(part) && /[a-z]/i.test(part)),
    ...bare.split(/\r?\n|\\n/).map((line) => line.trim()),
    ...(/^[ -~]+:[ -~]+$/.test(credentials) ? [credentials, credentials.slice(credentials.indexOf(':') + 1)] : []),
  ];
  const references = [...secret.matchAll(/\$\{?([A-Za-z_]\w*)\}?/g)].flatMap(
    (match) => environment[match[1] as string] ?? [],
  );
  const filled = secret.replace(/\$\{([A-Za-z_]\w*)\}/g, (all, name: string) => environment[name] ?? all);
  for (const value of [secret, bare, decoded, filled, ...parts, ...references]) {
    const trimmed = value.trim();
    const least = /^[\d.:-]+$/.test(trimmed) ? LEAST_DIGITS : LEAST_LETTERS;
    if (trimmed.length >= least && !ORDINARY.test(trimmed) && !/^-----[A-Z ]+-----$/.test(trimmed)) found.add(trimmed);
  }
}

function decodedOf(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

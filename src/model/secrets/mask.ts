/**
 * The mask of a run: it takes secrets out of what is written or printed.
 *
 * Rule: applied at the borders (the log's writer, the errors that leave a run, the terminal), so that nothing behind
 * them needs to know of secrets. A secret is masked by its form, and by its value wherever that shows up: as it is,
 * in a URL, in JSON, in base64. Masking twice changes nothing.
 */
import { isPlace, isSecretName } from './names.ts';
import { withSecrets } from './forms.ts';
import { NAMED_MAPS } from './values.ts';

/** What stands in the place of a secret. */
export const MASK = '***';

export interface Mask {
  /** A text of any origin. Line breaks in it stay, so that a list of lines may be masked as one text. */
  text(text: string): string;
  /** As `text`, for a text of ours: only the known values, whole or cut short with `...`. */
  known(text: string): string;
  /** A copy of a value with all its texts masked, but for what stands under keys that hold words of ours. */
  value<T>(value: T, isOurs?: (key: string) => boolean): T;
}

/** Shorter ones are only masked as whole words. */
const LONG = 8;
/** Of a secret that was cut short, what is left is one from this length on. */
const LEAST_CUT = 6;
/** Fields of a scenario whose texts are a choice among words of ours, or a quantity. */
const CHOICES =
  /^(?:name|needs|strategy|connection|kind|method|retry|expect|verdict|findings|outcomes|rate|quiet|gap|over|within|sleep|signal|stop_signal|to|interval|timeout|\w+_timeout|start_period|stop_grace_period|freeze)$/;

/** A mask that knows these values besides the forms. */
export function maskOf(secrets: Iterable<string>): Mask {
  const values = [...secrets];
  const pattern = patternOf(values);
  const known = (given: string): string =>
    pattern === undefined ? given : withoutCut(given.replace(pattern, MASK), values);
  const text = (given: string): string => withSecrets(known(given), () => MASK);
  const masked = (value: unknown, isOurs: (key: string) => boolean): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) {
      if (typeof value[0] === 'number') return value as unknown;
      return isLines(value) ? maskedLines(value, text) : value.map((item: unknown) => masked(item, isOurs));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, isOurs(key) ? (inner as unknown) : masked(inner, isOurs)]),
    );
  };
  return { text, known, value: (value, isOurs = () => false) => masked(value, isOurs) as typeof value };
}

/** A copy of a scenario, as its author writes it, in which secrets are masked; it still reads as one. */
export function maskedScenario(source: Record<string, unknown>, mask: Mask = maskOf([])): Record<string, unknown> {
  const masked = (field: string, value: unknown): unknown => {
    if (NAMED_MAPS.has(field) && isMap(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => {
          const hidden = inner !== null && isSecretName(name) && !(typeof inner === 'string' && isPlace(name, inner));
          return [name, hidden ? MASK : mask.value(inner)];
        }),
      );
    }
    if (isMap(value)) return maskedScenario(value, mask);
    if (Array.isArray(value) && !isLines(value)) return value.map((item: unknown) => masked(field, item));
    return isChoice(field) ? value : mask.value(value);
  };
  return Object.fromEntries(Object.entries(source).map(([field, value]) => [field, masked(field, value)]));
}

const isChoice = (field: string): boolean => CHOICES.test(field);

/** Lines may hold one secret together, such as a key in PEM, or an option and its value. */
function maskedLines(lines: readonly string[], text: (given: string) => string): string[] {
  return lines.some((line) => line.includes('\n')) ? lines.map(text) : text(lines.join('\n')).split('\n');
}

function isLines(value: readonly unknown[]): value is string[] {
  return value.length > 0 && value.every((item) => typeof item === 'string');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function patternOf(secrets: Iterable<string>): RegExp | undefined {
  const forms = new Set([...secrets].flatMap(formsOf));
  if (forms.size === 0) return undefined;
  const alternatives = [...forms]
    .sort((one, other) => other.length - one.length)
    .map((form) => {
      const escaped = form.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
      return form.length < LONG ? `(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])` : escaped;
    });
  return new RegExp(alternatives.join('|'), 'g');
}

/** The text without secrets that were cut short, as long lines are. */
function withoutCut(text: string, secrets: readonly string[]): string {
  return text.replace(/\S*(?=\.\.\.)/g, (word) => {
    for (let from = 0; word.length - from >= LEAST_CUT; from += 1) {
      const end = word.slice(from);
      if (secrets.some((secret) => secret.startsWith(end))) return word.slice(0, from) + MASK;
    }
    return word;
  });
}

/** A value in the forms in which programs print it. */
function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const escapes = (from: string): string => from.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    escapes(encoded),
    encoded.replaceAll('%20', '+'),
    ...(secret.length < LONG ? [] : inBase64(secret)),
  ];
}

/**
 * What base64 makes of a value, wherever it stands in what is encoded: without the letters that its neighbours
 * share.
 */
function inBase64(secret: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
    const whole = bytes.toString('base64').replace(/=+$/, '');
    const certain = whole.slice(shift === 0 ? 0 : shift + 1, bytes.length % 3 === 0 ? undefined : -1);
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

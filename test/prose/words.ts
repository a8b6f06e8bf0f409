/**
 * Words and phrases that a reader would have to translate, each with what to write in its place.
 *
 * Rule: a phrase is wrong in any prose; a word only where users read, since comments may use it in its usual sense.
 */
interface Forbidden {
  pattern: RegExp;
  write: string;
}

const PHRASES: readonly Forbidden[] = [
  { pattern: /\b(?:paid|pays?) no heed\b/i, write: 'ignored the signal' },
  { pattern: /\bin sight\b/i, write: 'the data suggest none' },
  { pattern: /\bheld up\b/i, write: 'stalled' },
  { pattern: /\blets? expect\b/i, write: 'predicts' },
  { pattern: /\blaid over each other\b/i, write: 'overlaid' },
  { pattern: /\bmet nothing\b/i, write: 'lost nothing' },
  { pattern: /\btyping errors?\b/i, write: 'typos' },
  { pattern: /\bwho works so\b/i, write: 'used by' },
  { pattern: /\bstands? for nothing\b/i, write: 'is not defined' },
  { pattern: /\bwithout a byte\b/i, write: 'that has sent nothing' },
  { pattern: /\bby (?:itself|themselves)\b/i, write: 'on its own' },
  { pattern: /\bspeaks? against\b/i, write: 'the finding, or its absence' },
  { pattern: /\bmet by nobody\b/i, write: 'no client met it' },
  { pattern: /\bnot found in PATH\b/, write: 'is not on PATH' },
  { pattern: /\bnot a whole number from \d+ on\b/, write: 'must be a non-negative integer' },
];

const WORDS: readonly Forbidden[] = [
  { pattern: /\b(?:told|tells?|telling)\b/i, write: 'reported, shown, distinguished' },
  { pattern: /\bwho(?:m)?ever\b/i, write: 'the usual noun, such as the next client' },
  { pattern: /\ball the same\b/i, write: 'nevertheless' },
  { pattern: /\bas ever\b/i, write: 'still' },
  { pattern: /\bonce more to\b/i, write: 'again to' },
  { pattern: /\bdropped something\b/i, write: 'dropped requests' },
];

/** What is wrong with a text, one line each. `comment`: only what is wrong in any prose. */
export function forbiddenIn(text: string, comment = false): string[] {
  return [...PHRASES, ...(comment ? [] : WORDS)].flatMap(({ pattern, write }) => {
    const found = pattern.exec(text);
    return found === null ? [] : [`"${found[0]}" (write: ${write})`];
  });
}

/**
 * FIGURES.md: one part for each section, written over when that section is run again.
 *
 * Rule: every part says when, where and by which command it was measured.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface Figures {
  /** What was measured, and how, in a sentence or two. */
  about: string;
  head: string[];
  rows: (string | number)[][];
  /** What follows from it. */
  notes: string[];
}

const FILE = fileURLToPath(new URL('FIGURES.md', import.meta.url));
const PREFACE =
  '# Figures\n\nMeasured by `npm run bench`, which writes this file. Ratios say more than numbers: the same ' +
  'machine, the same minute.\n';
const loadAtStart = loadavg()[0] as number;

/** Writes the part of a section and returns its text. */
export function writeFigures(section: string, command: string, { about, head, rows, notes }: Figures): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const machine = `${cpus().length} × ${
    cpus()[0]?.model ?? 'unknown processor'
  }, Linux ${release()}, Node ${process.version}`;
  const part = [
    `<!-- ${section} -->`,
    `## ${section}`,
    '',
    about,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
    ...notes.map((note) => `* ${note}`),
    '',
    `${new Date().toISOString().slice(0, 16)}Z, ${machine}; load average ${loadAtStart.toFixed(1)} before and ` +
      `${(loadavg()[0] as number).toFixed(1)} after. \`${command}\``,
    `<!-- /${section} -->`,
  ].join('\n');
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : PREFACE;
  const old = new RegExp(`<!-- ${section} -->[\\s\\S]*<!-- /${section} -->`);
  writeFileSync(FILE, old.test(before) ? before.replace(old, () => part) : `${before.trimEnd()}\n\n${part}\n`);
  return part;
}

/** A number with so many digits after the point. */
export const fixed = (value: number, digits = 1): string => value.toFixed(digits);

/** The value that the share `share` of the values do not exceed (nearest rank); NaN when there are none. */
export function rankOf(values: readonly number[], share: number): number {
  const ascending = [...values].sort((one, other) => one - other);
  return ascending[Math.max(0, Math.ceil(share * ascending.length - 1e-9) - 1)] ?? NaN;
}

/**
 * A YAML or JSON text: its value, and the line of everything in it.
 *
 * Rule: nothing is thrown; what cannot be read is told with its line, its column and the line itself.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { MASK } from '../model/secrets/mask.ts';
import { withSecrets } from '../model/secrets/forms.ts';
import type { Path, Problem } from './wording.ts';

/** A text that could be read: `lineOf` gives the line (from 1) of a place, or of what encloses it. */
export interface Written {
  value: unknown;
  lineOf: (path: Path) => number;
  /** Names that are written twice in one map. */
  problems: Problem[];
}

/** Reads a text, or returns the syntax errors, each with the lines that show it. */
export function writtenIn(text: string): Written | { syntax: { count: number; lines: string[] } } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, merge: true });
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) return { syntax: syntaxOf(errors, text, lines) };
  const pairs = new WeakMap<YAMLMap, Map<string, Pair>>();
  const pairOf = (map: YAMLMap, name: string): Pair | undefined => {
    // The last of a repeated name, which is the one that counts.
    const known =
      pairs.get(map) ??
      new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])));
    pairs.set(map, known);
    return known.get(name);
  };
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path, pairOf)).line;
  try {
    return {
      value: document.contents === null ? undefined : document.toJS(),
      lineOf,
      problems: repeatedNames(document.contents, [], lines),
    };
  } catch (error) {
    // Aliases without end are seen only when they are followed.
    const text = error instanceof ReferenceError ? 'the aliases stand for more values than can be read' : String(error);
    return { syntax: { count: 1, lines: [text] } };
  }
}

/** Plain words where those of the parser speak of its inside. */
const PLAIN: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab cannot indent YAML; use spaces',
  MULTIPLE_DOCS: 'a second document begins here, and a scenario file holds one',
  RESOURCE_EXHAUSTION: 'the levels are too many to be read',
  BLOCK_AS_IMPLICIT_KEY:
    'a second ": " stands in one line; put the text in quotes, or the inner map on a line of its own',
};

/** One error a line: those after the first are mostly its echo. */
function syntaxOf(errors: readonly YAMLError[], text: string, lines: LineCounter): { count: number; lines: string[] } {
  const byLine = new Map<number, string[]>();
  const source = text.split(/\r?\n/);
  for (const error of errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    if (byLine.has(line)) continue;
    const words = PLAIN[error.code] ?? error.message.charAt(0).toLowerCase() + error.message.slice(1);
    byLine.set(line, [`line ${line}, column ${col}: ${words}`, ...excerpt(source, line, col)]);
  }
  return { count: byLine.size, lines: [...byLine.values()].flat() };
}

/** The line, and below it a mark under the column. At the end of the text, the last line that says something. */
function excerpt(source: readonly string[], line: number, column: number): string[] {
  let shown = line;
  while (shown > 1 && (source[shown - 1] ?? '').trim() === '') shown -= 1;
  const written = withSecrets((source[shown - 1] ?? '').replaceAll('\t', ' '), () => MASK, { source: true });
  const number = String(shown);
  const mark = shown === line ? column - 1 : written.length;
  return [`  ${number} | ${written}`, `  ${' '.repeat(number.length)} | ${' '.repeat(mark)}^`];
}

/** Where a place begins: its key, its list entry, or what encloses it. */
function offsetOf(document: Document, path: Path, pairOf: (map: YAMLMap, name: string) => Pair | undefined): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = pairOf(node, String(part));
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function repeatedNames(node: unknown, path: Path, lines: LineCounter): Problem[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => repeatedNames(item, [...path, index], lines));
  if (!isMap(node)) return [];
  const first = new Map<string, number>();
  return node.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const line = lines.linePos(startOf(key) ?? 0).line;
    const before = first.get(name);
    first.set(name, before ?? line);
    const inside = repeatedNames(value, [...path, name], lines);
    if (before === undefined || name === '<<') return inside;
    return [
      { path: [...path, name], text: `expected each field once, got a second one (the first is in line ${before})` },
      ...inside,
    ];
  });
}

/**
 * Markup from a tagged template: everything that is put in is escaped, unless it is markup itself.
 *
 * Rule: the only way to make HTML in this project. What came from a target or a scenario is text and stays text.
 * This module also runs in the page.
 */
import { visible } from '../view/visible.ts';

/** A piece of HTML that is safe to place between tags. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand between tags or in a quoted attribute. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** HTML from a template literal. Null is nothing; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return { markup: strings.reduce((text, string, index) => text + partText(parts[index - 1] ?? null) + string) };
}

function partText(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map((piece) => piece.markup).join('');
}

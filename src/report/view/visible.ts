/**
 * Text from a target or a scenario with everything in it visible.
 *
 * Rule: what would steer a terminal, a browser or the direction of writing is shown as its code. This module also runs
 * in the page: no imports.
 */

/**
 * The text with control characters, changes of direction and invisible separators as `\u` codes; tabs and line ends
 * stay.
 */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Which failures a reader asked for.
 *
 * Rule: the words of the choices are those of the page's lists.
 */
import type { FailureView } from '../../view/view.ts';

/** What was chosen; empty where all are meant. */
export interface Choice {
  outcome: string;
  arm: string;
  restart: string;
  source: string;
  text: string;
}

/**
 * The failures that fit all of a choice. The text is looked for in everything that a row says, whatever its case;
 * several words must all be there.
 */
export function chosenOf(
  failures: readonly FailureView[],
  { outcome, arm, restart, source, text }: Choice,
): FailureView[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return failures.filter(
    (failure) =>
      (outcome === '' || failure.outcome === outcome) &&
      (arm === '' || failure.arm === arm) &&
      (restart === '' || (failure.restart === null ? 'quiet time' : `#${failure.restart}`) === restart) &&
      (source === '' || (failure.sentinel ? `${failure.source} (sentinel)` : failure.source) === source) &&
      (words.length === 0 || saysAll(failure, words)),
  );
}

function saysAll(failure: FailureView, words: readonly string[]): boolean {
  const said =
    `${failure.n} ${failure.arm} ${failure.source} ${failure.outcome} ${failure.story} ${failure.facts}`.toLowerCase();
  return words.every((word) => said.includes(word));
}

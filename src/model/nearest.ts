/**
 * Which name was probably meant by one that does not exist.
 *
 * Rule: no guess is better than a wild one.
 */
import leven from 'leven';

/**
 * The name that was probably meant: at most a third of its letters differ, or their order; case, - and _ do not count.
 */
export function nearestOf(name: string, names: Iterable<string>): string | undefined {
  const folded = fold(name);
  let best: { name: string; distance: number } | undefined;
  for (const candidate of names) {
    const limit = Math.max(1, Math.floor(Math.max(folded.length, candidate.length) / 3));
    const distance = sorted(folded) === sorted(fold(candidate)) ? 1 : leven(folded, fold(candidate));
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

function sorted(letters: string): string {
  return Array.from(letters).sort().join('');
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

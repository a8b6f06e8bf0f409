/**
 * Which name was probably meant by one that does not exist.
 *
 * Rule: no guess is better than a wild one, or a slow one.
 */
import leven from 'leven';

const LONGEST = 100;

/**
 * The name that was probably meant: at most a third of its letters differ, or their order; case, - and _ do not count.
 */
export function nearestOf(name: string, names: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  const folded = fold(name);
  const letters = sorted(folded);
  let best: { name: string; distance: number } | undefined;
  for (const candidate of names) {
    const limit = Math.max(1, Math.floor(Math.max(folded.length, candidate.length) / 3));
    const other = fold(candidate);
    if (Math.abs(folded.length - other.length) > limit) continue;
    const distance = letters === sorted(other) ? 1 : leven(folded, other);
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

/**
 * Layers: what stands above, an arm over it, the command line over both.
 *
 * Rule: maps are merged, lists and scalars are replaced, `null` takes away what stands above. Nothing given is changed.
 */
import type { Path } from './wording.ts';

/** A map as it was written, not checked yet. */
export type Source = Readonly<Record<string, unknown>>;

/** Whether a value is a map, and not a list or an instance of something. */
export function isMap(value: unknown): value is Source {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  );
}

/** `over` laid over `under`. */
export function merged(under: Source, over: Source): Source {
  const result = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const below = result.get(key);
    if (value === null) result.delete(key);
    else result.set(key, isMap(value) ? merged(isMap(below) ? below : {}, value) : value);
  }
  return Object.fromEntries(result);
}

/** The value at a path; undefined when there is none. */
export function valueAt(source: unknown, path: Path): unknown {
  let place = source;
  for (const part of path) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, part)) return undefined;
    place = (place as Record<string | number, unknown>)[part];
  }
  return place;
}

/** How many parts of a path are written in a layer. */
export function depthOf(source: unknown, path: Path): number {
  let depth = 0;
  while (depth < path.length && valueAt(source, path.slice(0, depth + 1)) !== undefined) depth += 1;
  return depth;
}

/** The paths at which a layer says null, outside lists. */
export function nullsOf(source: Source, under: Path = []): Path[] {
  return Object.entries(source).flatMap(([key, value]) => {
    const path = [...under, key];
    if (value === null) return [path];
    return isMap(value) ? nullsOf(value, path) : [];
  });
}

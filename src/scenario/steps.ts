/**
 * The steps that a scenario writes out, with their places in it.
 *
 * Rule: reads what is there, right or wrong; the schema tells what is wrong with it.
 */
import { isMap, valueAt, type Source } from './layers.ts';
import type { Path } from './wording.ts';

/** The steps that are written out, those of a rollback included. */
export function stepsOf(arm: Source): { path: Path; name: string; options: unknown }[] {
  const found = (list: unknown, under: Path): { path: Path; name: string; options: unknown }[] => {
    if (!Array.isArray(list)) return [];
    return list.flatMap((step: unknown, index) => {
      const path = [...under, index];
      if (typeof step === 'string') return [{ path, name: step, options: undefined }];
      if (!isMap(step)) return [];
      return Object.entries(step).flatMap(([name, options]) => [
        { path, name, options },
        ...(name === 'rollback' ? found(options, [...path, name]) : []),
      ]);
    });
  };
  return found(valueAt(arm, ['restart', 'strategy']), ['restart', 'strategy']);
}

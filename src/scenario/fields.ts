/**
 * Which fields a schema knows, at any place.
 *
 * Rule: names are read from the schema itself, so a field that is added there is suggested here.
 */
import { z } from 'zod';
import type { Path } from './wording.ts';

/** The plain schemas that a schema may stand for: wrappers and codecs taken off, branches of a union side by side. */
function shapesOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return shapesOf(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return shapesOf(schema.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(shapesOf);
  return [schema];
}

function childrenOf(shape: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
  if (shape instanceof z.ZodObject) {
    return Object.hasOwn(shape.shape, part) ? shapesOf(shape.shape[part] as z.core.$ZodType) : [];
  }
  if (shape instanceof z.ZodRecord) return shapesOf(shape.valueType);
  if (shape instanceof z.ZodArray) return typeof part === 'number' ? shapesOf(shape.element) : [];
  return [];
}

/** The names that the map at `path` may have as keys; undefined when it may have any. */
export function namesAt(schema: z.core.$ZodType, path: Path): string[] | undefined {
  let shapes = shapesOf(schema);
  for (const part of path) shapes = shapes.flatMap((shape) => childrenOf(shape, part));
  const names = new Set<string>();
  for (const shape of shapes) {
    if (shape instanceof z.ZodObject) for (const name of Object.keys(shape.shape)) names.add(name);
    if (shape instanceof z.ZodRecord) {
      if (!(shape.keyType instanceof z.ZodEnum)) return undefined;
      for (const name of shape.keyType.options) names.add(String(name));
    }
  }
  return [...names];
}

/** The paths of all fields of this name, not counting those in lists and under names that the user chooses. */
export function placesOf(schema: z.core.$ZodType, name: string, under: readonly string[] = []): string[] {
  return shapesOf(schema).flatMap((shape) => {
    if (!(shape instanceof z.ZodObject)) return [];
    return Object.entries(shape.shape).flatMap(([field, child]) => {
      const path = [...under, field];
      return [...(field === name ? [path.join('.')] : []), ...placesOf(child as z.core.$ZodType, name, path)];
    });
  });
}

/**
 * What several parts of a scenario are written with: names, paths, plain values.
 *
 * Rule: each says in its error what was expected.
 */
import { z } from 'zod';

export const Path = z.string().regex(/^\/\S*$/, { error: 'a path that begins with /' });
export const NAME = z.string().regex(/^[\w.-]+$/, { error: 'a name of letters, digits, dots, - and _' });
export const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'the name of a header' });
export const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/**
 * What is asked of a target, and what a good answer is: of streams, sentinels, healthchecks and probes alike.
 *
 * Rule: one form for all of them. Field names are a contract.
 */
import { z } from 'zod';
import { HeaderName, Path } from './field.ts';

/** What a good answer is. */
export const Expectation = z.strictObject({
  status: z
    .union([z.int().min(100).max(599), z.array(z.int().min(100).max(599)).min(1)])
    .optional()
    .meta({ description: 'Expected status, or a list of them; default: 200 to 399' }),
  body: z.string().optional().meta({ description: 'The whole body expected, decoded (gzip, br, deflate)' }),
  body_includes: z.string().optional().meta({ description: 'A text that the body must contain, decoded' }),
  body_bytes: z.int().min(0).optional().meta({ description: 'Length of the body expected, decoded' }),
  body_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits in lower case' })
    .optional()
    .meta({ description: 'SHA-256 of the body expected, decoded, in hexadecimal' }),
});
export type Expectation = z.output<typeof Expectation>;

const Method = z.string().regex(/^[A-Z]+$/, { error: 'a method in capitals, such as GET' });
const Headers = z.record(HeaderName, z.string().regex(/^[^\r\n\0]*$/, { error: 'text without line breaks' }));

/** The fields of a request but for its path. */
export const REQUEST_FIELDS = {
  method: Method.default('GET').meta({ description: 'HTTP method' }),
  headers: Headers.default({}).meta({ description: 'Headers of the request' }),
  body: z.string().optional().meta({ description: 'Body of the request' }),
  expect: Expectation.prefault({}).meta({ description: 'What a good answer is' }),
};

/** The same of a request that is like another one where it says nothing. */
export const LIKE_FIRST_STREAM = {
  path: Path.optional().meta({ description: 'Path of its request; default: that of the first stream' }),
  method: Method.optional().meta({ description: 'HTTP method; default: that of the stream with this path, or GET' }),
  headers: Headers.optional().meta({ description: 'Headers; default: those of the stream with this path' }),
  body: z.string().optional().meta({ description: 'Body; default: that of the stream with this path' }),
  expect: Expectation.optional().meta({
    description: 'What a good answer is; default: that of the stream with this path',
  }),
};

/** A request as somebody asks it who waits for the target to be well. */
export interface HealthRequest {
  path: string;
  method?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string | undefined;
  expect?: Expectation | undefined;
}

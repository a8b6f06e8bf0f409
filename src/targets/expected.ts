/**
 * Whether the answer to a healthcheck is as expected.
 *
 * Rule: only a body that something is expected of is kept, and no more of it than a health page may have.
 */
import { createHash } from 'node:crypto';
import { codingsOf, decodedBody } from '../model/coding.ts';
import type { Expectation } from '../model/request.ts';

const LARGEST_BYTES = 1024 * 1024;

/** A body as it comes. */
export class KeptBody {
  readonly #parts: Buffer[] = [];
  #bytes = 0;

  /** Whether anything is expected of the body. */
  isWanted({ body, body_includes: part, body_bytes: bytes, body_sha256: sha256 }: Expectation): boolean {
    return [body, part, bytes, sha256].some((expected) => expected !== undefined);
  }

  take(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes <= LARGEST_BYTES) this.#parts.push(part);
  }

  whole(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** What is wrong with an answer, in words; undefined when it is as expected. Without a body only the status counts. */
export function problemWith(
  status: number,
  coding: string | undefined,
  coded: Buffer | undefined,
  expect: Expectation,
): string | undefined {
  const { status: wanted } = expect;
  const isWanted = wanted === undefined ? status >= 200 && status < 400 : [wanted].flat().includes(status);
  if (!isWanted) return `status ${status}`;
  if (coded === undefined || !new KeptBody().isWanted(expect)) return undefined;
  const { body, problem } = decodedBody(codingsOf(coding ?? ''), coded);
  return body === undefined ? problem : bodyProblem(body, expect);
}

function bodyProblem(body: Buffer, expect: Expectation): string | undefined {
  if (expect.body !== undefined && !body.equals(Buffer.from(expect.body))) return 'another body than expected';
  if (expect.body_includes !== undefined && !body.includes(expect.body_includes)) {
    return `the body does not contain ${JSON.stringify(expect.body_includes)}`;
  }
  if (expect.body_bytes !== undefined && body.length !== expect.body_bytes) {
    return `a body of ${body.length} bytes, expected ${expect.body_bytes}`;
  }
  const { body_sha256: sha256 } = expect;
  if (sha256 === undefined || createHash('sha256').update(body).digest('hex') === sha256) return undefined;
  return 'a body with another SHA-256 than expected';
}

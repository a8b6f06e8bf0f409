/**
 * How the API server refuses, and what a user can do about it.
 *
 * Rule: a missing right names the verb and the resource; what is not there names what was looked for and where.
 */
import { z } from 'zod';
import { ZerodropError } from '../../errors.ts';
import { resourceText, type Subject } from './resource.ts';

/** The body of an answer that says no. */
export const Status = z.looseObject({
  kind: z.literal('Status'),
  code: z.int().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** An answer of the API server that was not a success. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly subject: Subject;

  constructor(status: number, message: string, subject: Subject) {
    super(message);
    this.status = status;
    this.subject = subject;
  }
}

/** No answer of the API server: it cannot be reached, or the connection broke. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The refusal that an answer means. */
export function refusalOf(status: number, body: string, subject: Subject): Refusal {
  let message = body.trim().slice(0, 300);
  try {
    message = Status.parse(JSON.parse(body)).message ?? message;
  } catch {
    // A proxy in between may answer in any words.
  }
  return new Refusal(status, message === '' ? `status ${status}` : message, subject);
}

/** What a user reads of a failed request. Whatever else was thrown is passed on. */
export function userErrorOf(error: unknown, context: string): unknown {
  const flag = context === '' ? '' : ` --context ${context}`;
  if (error instanceof Unreachable) {
    return new ZerodropError('cluster-unreachable', error.message, `Check it with: kubectl${flag} cluster-info`);
  }
  if (!(error instanceof Refusal)) return error;
  const { subject } = error;
  const where = subject.namespace === undefined ? '' : ` in the namespace ${subject.namespace}`;
  const what = resourceText(subject);
  if (error.status === 401) {
    return new ZerodropError(
      'not-allowed',
      `the cluster does not accept the credentials of the context ${context}: ${error.message}`,
      `Log in again, and check it with: kubectl${flag} auth whoami`,
    );
  }
  if (error.status === 403) {
    const flags = subject.namespace === undefined ? '' : ` --namespace ${subject.namespace}`;
    return new ZerodropError(
      'not-allowed',
      `the right to ${subject.verb} ${what}${where} is missing: ${error.message}`,
      `Add the verb ${subject.verb} on ${what} to its Role, and check it with: kubectl${flag}${flags} auth can-i ` +
        `${subject.verb} ${what}`,
    );
  }
  if (error.status === 404) {
    return new ZerodropError(
      'workload-not-found',
      `there is no ${what}${subject.name === undefined ? '' : ` "${subject.name}"`}${where}`,
      `Correct target.kubernetes; kubectl${flag} get ${what} --all-namespaces shows what there is.`,
    );
  }
  return new ZerodropError(
    'cluster-refused',
    `the cluster refused to ${subject.verb} ${what}${where} (${error.status}): ${error.message}`,
    'See what the message asks for; a webhook or a quota may stand in the way.',
  );
}

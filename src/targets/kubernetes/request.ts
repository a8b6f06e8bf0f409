/**
 * Requests to the API server: one JSON answer, or lines of JSON for as long as a watch lasts.
 *
 * Rule: an answer other than a success is a Refusal, no answer is Unreachable; nothing is repeated here.
 */
import { request as askHttp, type IncomingMessage } from 'node:http';
import { request as askHttps, type RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import type { Access } from './library.ts';
import { Refusal, refusalOf, Unreachable } from './refusal.ts';
import { pathOf, type Subject } from './resource.ts';

/** A cluster as it is spoken to. */
export interface Cluster {
  readonly context: string;
  readonly namespace: string;
  /** One answer. Rejects with Refusal or Unreachable. */
  ask(subject: Subject, details?: Details): Promise<unknown>;
  /**
   * Hands on each line of the answer until it ends; resolves with whether the server ended it in order. `began` is
   * called with its head. Rejects with Refusal or Unreachable.
   */
  stream(subject: Subject, details: StreamDetails): Promise<boolean>;
}

interface Details {
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Of the body; default: JSON. */
  contentType?: string;
}

interface StreamDetails extends Details {
  began(): void;
  line(text: string): void;
  /** Ends it from our side. */
  signal: AbortSignal;
  /** A stream that is silent for so long has broken off unnoticed. */
  silenceMs: number;
}

const ANSWER_WITHIN_MS = 15_000;
const KEEP_ALIVE_MS = 15_000;
const METHODS = { get: 'GET', list: 'GET', watch: 'GET', patch: 'PATCH', delete: 'DELETE', create: 'POST' } as const;

export function clusterOf(access: Access): Cluster {
  return {
    context: access.context,
    namespace: access.namespace,
    async ask(subject, details = {}) {
      const response = await send(access, subject, details);
      const timer = setTimeout(() => response.destroy(new Error('it broke off')), ANSWER_WITHIN_MS);
      try {
        return JSON.parse(await bodyOf(response, subject)) as unknown;
      } catch (error) {
        throw error instanceof Refusal ? error : unreachable(access, error);
      } finally {
        clearTimeout(timer);
      }
    },
    async stream(subject, details) {
      const response = await send(access, subject, details, details.signal);
      if (response.statusCode !== 200) await bodyOf(response, subject);
      response.socket.setKeepAlive(true, KEEP_ALIVE_MS);
      response.setTimeout(details.silenceMs, () => response.destroy());
      details.began();
      const lines = createInterface({ input: response, crlfDelay: Infinity });
      lines.on('line', details.line);
      return new Promise((resolve) => {
        // An answer that broke off is not complete; readline hands on the error of its input.
        for (const source of [response, lines]) source.on('error', () => undefined);
        lines.on('close', () => resolve(response.complete));
        response.on('close', () => lines.close());
      });
    },
  };
}

/** The whole body. Rejects with Refusal when the answer is not a success. */
async function bodyOf(response: IncomingMessage, subject: Subject): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) throw refusalOf(status, body, subject);
  return body;
}

/** Resolves with the head of the answer. */
async function send(
  access: Access,
  subject: Subject,
  { query = {}, body, contentType = 'application/json' }: Details,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  const base = access.server.href.replace(/\/$/, '');
  const url = new URL(`${base}${pathOf(subject)}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const options: RequestOptions = {
    method: METHODS[subject.verb],
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': contentType }) },
  };
  try {
    await access.credentials.applyToHTTPSOptions(options);
  } catch (error) {
    throw new Unreachable(`the credentials of the context ${access.context} cannot be had: ${wordsOf(error)}`);
  }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? askHttps : askHttp)(url, options, (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), ANSWER_WITHIN_MS);
    const end = (): void => {
      request.destroy();
    };
    if (signal?.aborted === true) end();
    signal?.addEventListener('abort', end, { once: true });
    request.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    });
    request.on('error', (error) => reject(unreachable(access, error)));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function unreachable({ server, context }: Access, error: unknown): Unreachable {
  const named = context === '' ? '' : ` of the context ${context}`;
  return new Unreachable(`the API server ${server.origin}${named} does not answer: ${wordsOf(error)}`);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? `${error.message} (${error.code})` : error.message;
}

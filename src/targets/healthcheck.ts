/**
 * The healthcheck: one request on a connection of its own.
 *
 * Rule: what is expected is good, 200 to 399 where nothing is said. It tells which identity answered, and in words what
 * was wrong. What we are late ourselves, as on a busy machine, is no fault of the target: it is given as much longer.
 */
import { request as askHttp } from 'node:http';
import { request as askHttps, type RequestOptions } from 'node:https';
import type { TlsSettings } from '../model/plan.ts';
import type { HealthRequest } from '../model/request.ts';
import { KeptBody, problemWith } from './expected.ts';

export interface ProbeOptions extends HealthRequest {
  /** Origin of the target, such as http://127.0.0.1:4711 */
  origin: string;
  timeoutMs: number;
  identityHeader?: string | undefined;
  /** https: what is trusted and presented. */
  tls?: TlsSettings | undefined;
  /** Called with our port when the connection stands; the request goes out when it has resolved. */
  connected?: ((clientPort: number) => Promise<void>) | undefined;
}

/** A timer that is late by less is as good as on time. */
const TIMELY_MS = 20;

export interface Probe {
  healthy: boolean;
  identity?: string;
  /** What was wrong, in words. */
  problem?: string;
  /** What to write in the scenario instead, where the problem tells. */
  advice?: string;
}

const TRUST =
  'Name the authority that signed the certificate in target.ca (a PEM file) and the name that it is for in ' +
  'target.server_name, or set target.insecure_skip_verify: true.';

/** Why there was no answer, and what to do where the error tells. */
function causeOf({ code = '', message }: NodeJS.ErrnoException, tls: TlsSettings | undefined): Partial<Probe> {
  const isOfTls = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)/.test(code);
  if (tls !== undefined && isOfTls) {
    return { problem: `the certificate is not accepted: ${message} (${code})`, advice: TRUST };
  }
  if (code === 'EPROTO' && message.includes('wrong version number')) {
    return { problem: 'it does not speak TLS', advice: 'Write http:// in target.url.' };
  }
  if (code === 'EPROTO' && message.includes('no application protocol')) {
    return { problem: 'it does not speak HTTP/1.1', advice: HTTP2 };
  }
  if (code === 'HPE_INVALID_CONSTANT') return { problem: `no answer in HTTP/1.1 (${code})`, advice: HTTP2 };
  return { problem: code === '' ? message : code };
}

const HTTP2 =
  'Targets that speak HTTP/2 only are not supported: let it speak HTTP/1.1, too. If it speaks TLS, write https:// in ' +
  'target.url.';

function securedBy({ anyCertificate, ca, cert, key, serverName }: TlsSettings = {}): RequestOptions {
  return {
    rejectUnauthorized: anyCertificate !== true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

const lengthOf = (body: string | undefined): Record<string, number> =>
  body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };

/** Asks once, and reads the answer to its end. Never rejects. */
export function probe(options: ProbeOptions): Promise<Probe> {
  const { origin, path, method = 'GET', headers = {}, body, expect = {} } = options;
  const { timeoutMs, identityHeader, tls, connected } = options;
  return new Promise((resolve) => {
    const url = new URL(path, origin);
    const ask = url.protocol === 'https:' ? askHttps : askHttp;
    let late: Probe = { healthy: false, problem: `no answer within ${timeoutMs}ms` };
    const request = ask(
      url,
      {
        agent: false,
        method,
        ...(url.protocol === 'https:' ? securedBy(tls) : {}),
        headers: { ...headers, ...lengthOf(body), connection: 'close' },
      },
      (response) => {
        const identity = identityHeader === undefined ? undefined : response.headers[identityHeader.toLowerCase()];
        const kept = new KeptBody();
        const result = (wholeBody?: Buffer): Probe => {
          const { statusCode = 0, headers } = response;
          const problem = problemWith(statusCode, headers['content-encoding'], wholeBody, expect);
          return {
            healthy: problem === undefined,
            ...(identity === undefined ? {} : { identity: String(identity) }),
            ...(problem === undefined ? {} : { problem }),
          };
        };
        // A health page that is an endless stream is as good as its head.
        late = kept.isWanted(expect) ? { ...result(), healthy: false, problem: late.problem as string } : result();
        response.on('error', () => undefined);
        response.on('close', () => {
          end(response.complete ? result(kept.whole()) : { healthy: false, problem: 'half an answer' });
        });
        if (kept.isWanted(expect)) response.on('data', (part: Buffer) => kept.take(part));
        response.resume();
      },
    );
    let dueMs = performance.now() + timeoutMs;
    const expire = (): void => {
      const lateMs = performance.now() - dueMs;
      if (lateMs < TIMELY_MS) return end(late);
      dueMs += 2 * lateMs;
      timer = setTimeout(expire, lateMs);
    };
    let timer = setTimeout(expire, timeoutMs);
    const end = (result: Probe): void => {
      clearTimeout(timer);
      resolve(result);
      request.destroy();
    };
    request.on('error', (error: NodeJS.ErrnoException) => end({ healthy: false, ...causeOf(error, tls) }));
    if (connected === undefined) request.end(body);
    else {
      request.once('socket', (socket) =>
        socket.once('connect', () => void connected(socket.localPort as number).then(() => request.end(body))),
      );
    }
  });
}

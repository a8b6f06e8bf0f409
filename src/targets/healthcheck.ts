/**
 * The healthcheck: one GET on a connection of its own.
 *
 * Rule: 200 to 399 is good. It tells which identity answered, and in words what was wrong. What we are late ourselves,
 * as on a busy machine, is no fault of the target: it is given as much longer.
 */
import { request as askHttp } from 'node:http';
import { request as askHttps, type RequestOptions } from 'node:https';
import type { TlsSettings } from '../model/plan.ts';

export interface ProbeOptions {
  /** Origin of the target, such as http://127.0.0.1:4711 */
  origin: string;
  path: string;
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

/** Asks once, and reads the answer to its end. Never rejects. */
export function probe({ origin, path, timeoutMs, identityHeader, tls, connected }: ProbeOptions): Promise<Probe> {
  return new Promise((resolve) => {
    const url = new URL(path, origin);
    const ask = url.protocol === 'https:' ? askHttps : askHttp;
    let late: Probe = { healthy: false, problem: `no answer within ${timeoutMs}ms` };
    const request = ask(
      url,
      {
        agent: false,
        ...(url.protocol === 'https:' ? securedBy(tls) : {}),
        headers: { connection: 'close' },
      },
      (response) => {
        const status = response.statusCode ?? 0;
        const healthy = status >= 200 && status < 400;
        const identity = identityHeader === undefined ? undefined : response.headers[identityHeader.toLowerCase()];
        const result = {
          healthy,
          ...(identity === undefined ? {} : { identity: String(identity) }),
          ...(healthy ? {} : { problem: `status ${status}` }),
        };
        // A health page that is an endless stream is as good as its head.
        late = result;
        response.on('error', () => undefined);
        response.on('close', () => {
          end(response.complete ? result : { healthy: false, problem: 'half an answer' });
        });
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
    if (connected === undefined) request.end();
    else {
      request.once('socket', (socket) =>
        socket.once('connect', () => void connected(socket.localPort as number).then(() => request.end())),
      );
    }
  });
}

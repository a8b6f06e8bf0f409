/**
 * The healthcheck: one request on a connection of its own.
 *
 * Rule: what is expected is good, 200 to 399 where nothing is said. It tells which identity answered, and in words what
 * was wrong.
 */
import { request as askHttp } from 'node:http';
import { request as askHttps, type RequestOptions } from 'node:https';
import type { TlsSettings } from '../model/plan.ts';
import { KeptBody, problemWith } from './expected.ts';
import { probeHttp2 } from './healthcheck-http2.ts';
import { patiently, tlsCauseOf, type Probe, type ProbeOptions } from './probe.ts';

export type { Probe, ProbeOptions } from './probe.ts';

/** Why there was no answer, and what to do where the error tells. */
function causeOf(error: NodeJS.ErrnoException, tls: TlsSettings | undefined): Partial<Probe> {
  const { code = '', message } = error;
  const ofTls = tlsCauseOf(error, tls);
  if (ofTls !== undefined) return ofTls;
  if (code === 'EPROTO' && message.includes('no application protocol')) {
    return { problem: 'it does not speak HTTP/1.1', advice: HTTP2 };
  }
  if (code === 'HPE_INVALID_CONSTANT') return { problem: `no answer in HTTP/1.1 (${code})`, advice: HTTP2 };
  return { problem: code === '' ? message : code };
}

const HTTP2 =
  'Set traffic.client.kind: http2 where the target speaks HTTP/2 only. Where it speaks TLS, write https:// in ' +
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
  return options.isHttp2 === true ? probeHttp2(options) : probeHttp1(options);
}

function probeHttp1(options: ProbeOptions): Promise<Probe> {
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
    const stop = patiently(timeoutMs, () => end(late));
    const end = (result: Probe): void => {
      stop();
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

/**
 * The healthcheck in HTTP/2: one request on a stream of a connection of its own, by prior knowledge on http and by ALPN
 * on https.
 *
 * Rule: as in HTTP/1.1. It asks whether the target serves, so that node:http2 is good enough; the traffic has frames of
 * its own.
 */
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as secure, type ConnectionOptions } from 'node:tls';
import type { TlsSettings } from '../model/plan.ts';
import { KeptBody, problemWith } from './expected.ts';
import { patiently, tlsCauseOf, type Probe, type ProbeOptions } from './probe.ts';

const WIRE = 'Leave out traffic.client.kind: http2, or let it speak HTTP/2';

/** Asks once, and reads the answer to its end. Never rejects. */
export function probeHttp2(options: ProbeOptions): Promise<Probe> {
  const { origin, path, method = 'GET', headers = {}, body, expect = {} } = options;
  const { timeoutMs, identityHeader, tls, connected } = options;
  const url = new URL(path, origin);
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve) => {
    let late: Probe = { healthy: false, problem: `no answer within ${timeoutMs}ms` };
    const stop = patiently(timeoutMs, () => end(late));
    const closing: (() => void)[] = [];
    const end = (result: Probe): void => {
      stop();
      resolve(result);
      for (const close of closing) close();
    };
    const failed = (error: NodeJS.ErrnoException): void =>
      end({ healthy: false, ...(tlsCauseOf(error, tls) ?? causeOf(error, isSecure)) });

    function ask(socket: Socket): void {
      const session = connectHttp2(origin, { createConnection: () => socket });
      closing.unshift(() => session.destroy());
      session.on('error', failed);
      const stream = session.request({
        ...sent(headers),
        ':method': method,
        ':path': url.pathname + url.search,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      });
      const kept = new KeptBody();
      let result: ((body?: Buffer) => Probe) | undefined;
      let whole = false;
      stream.on('response', (head) => {
        const identity = identityHeader === undefined ? undefined : head[identityHeader.toLowerCase()];
        result = (kept) => {
          const problem = problemWith(head[':status'] ?? 0, head['content-encoding'], kept, expect);
          return {
            healthy: problem === undefined,
            ...(identity === undefined ? {} : { identity: String(identity) }),
            ...(problem === undefined ? {} : { problem }),
          };
        };
        // A health page that is an endless stream is as good as its head.
        late = kept.isWanted(expect) ? { ...result(), healthy: false, problem: late.problem as string } : result();
      });
      if (kept.isWanted(expect)) stream.on('data', (part: Buffer) => kept.take(part));
      stream.on('end', () => (whole = true)).on('error', failed);
      stream.on('close', () => {
        const answer = whole && stream.rstCode === 0 ? result : undefined;
        end(answer === undefined ? { healthy: false, problem: HALF } : answer(kept.whole()));
      });
      stream.resume();
      stream.end(body);
    }

    const port = Number(url.port || (isSecure ? 443 : 80));
    const tcp = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port, noDelay: true });
    closing.push(() => tcp.destroy());
    tcp.on('error', failed);
    tcp.once('connect', () => {
      void Promise.resolve(connected?.(tcp.localPort as number)).then(() => {
        if (!isSecure) return ask(tcp);
        const above = secure({ ...securedBy(tls, url.hostname), socket: tcp });
        above.on('error', failed);
        above.once('secureConnect', () => {
          if (above.alpnProtocol === 'h2') ask(above);
          else end({ healthy: false, problem: 'it does not offer HTTP/2 (h2) by ALPN', advice: `${WIRE}.` });
        });
      });
    });
  });
}

/** Fields of a connection of HTTP/1.1, which HTTP/2 does not know (RFC 9113 8.2.2). */
const OF_CONNECTION = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host']);

const sent = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name.toLowerCase())));

const HALF = 'half an answer';

function causeOf({ code = '', message }: NodeJS.ErrnoException, isSecure: boolean): Partial<Probe> {
  if (message.includes('no application protocol')) {
    return { problem: 'it does not offer HTTP/2 (h2) by ALPN', advice: `${WIRE}.` };
  }
  if (code.startsWith('ERR_HTTP2')) {
    return {
      problem: `no answer in HTTP/2 (${code})`,
      advice: isSecure ? `${WIRE}.` : `${WIRE} without TLS and without an upgrade (prior knowledge).`,
    };
  }
  return { problem: code === '' ? message : code };
}

function securedBy({ anyCertificate, ca, cert, key, serverName }: TlsSettings = {}, host: string): ConnectionOptions {
  return {
    ALPNProtocols: ['h2'],
    rejectUnauthorized: anyCertificate !== true,
    host,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

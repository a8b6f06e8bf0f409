/**
 * The healthcheck: one GET on a connection of its own.
 *
 * Rule: 200 to 399 is good. It tells which identity answered, and in words what was wrong. What we are late ourselves,
 * as on a busy machine, is no fault of the target: it is given as much longer.
 */
import { request as askHttp } from 'node:http';
import { request as askHttps } from 'node:https';

export interface ProbeOptions {
  /** Origin of the target, such as http://127.0.0.1:4711 */
  origin: string;
  path: string;
  timeoutMs: number;
  identityHeader?: string | undefined;
  /** https: whether any certificate is accepted. */
  anyCertificate?: boolean | undefined;
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
}

/** Asks once, and reads the answer to its end. Never rejects. */
export function probe({
  origin,
  path,
  timeoutMs,
  identityHeader,
  anyCertificate,
  connected,
}: ProbeOptions): Promise<Probe> {
  return new Promise((resolve) => {
    const url = new URL(path, origin);
    const ask = url.protocol === 'https:' ? askHttps : askHttp;
    let late: Probe = { healthy: false, problem: `no answer within ${timeoutMs}ms` };
    const request = ask(
      url,
      { agent: false, rejectUnauthorized: anyCertificate !== true, headers: { connection: 'close' } },
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
    request.on('error', (error: NodeJS.ErrnoException) => {
      end({ healthy: false, problem: error.code ?? error.message });
    });
    if (connected === undefined) request.end();
    else {
      request.once('socket', (socket) =>
        socket.once('connect', () => void connected(socket.localPort as number).then(() => request.end())),
      );
    }
  });
}

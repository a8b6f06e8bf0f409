/**
 * What one healthcheck asks and finds, whatever protocol it speaks.
 *
 * Rule: what we are late ourselves, as on a busy machine, is no fault of the target: it is given as much longer.
 */
import type { TlsSettings } from '../model/plan.ts';
import type { HealthRequest } from '../model/request.ts';

export interface ProbeOptions extends HealthRequest {
  /** Origin of the target, such as http://127.0.0.1:4711 */
  origin: string;
  timeoutMs: number;
  identityHeader?: string | undefined;
  /** https: what is trusted and presented. */
  tls?: TlsSettings | undefined;
  /** It speaks HTTP/2, as the clients do; default: HTTP/1.1. */
  isHttp2?: boolean | undefined;
  /** Called with our port when the connection stands; the request goes out when it has resolved. */
  connected?: ((clientPort: number) => Promise<void>) | undefined;
}

export interface Probe {
  healthy: boolean;
  identity?: string;
  /** What was wrong, in words. */
  problem?: string;
  /** What to write in the scenario instead, where the problem tells. */
  advice?: string;
}

/** A timer that is late by less is as good as on time. */
const TIMELY_MS = 20;

/** Calls `expire` after that time, or as much later as we were late ourselves; returns what stops it. */
export function patiently(timeoutMs: number, expire: () => void): () => void {
  let dueMs = performance.now() + timeoutMs;
  const look = (): void => {
    const lateMs = performance.now() - dueMs;
    if (lateMs < TIMELY_MS) return expire();
    dueMs += 2 * lateMs;
    timer = setTimeout(look, lateMs);
  };
  let timer = setTimeout(look, timeoutMs);
  return () => clearTimeout(timer);
}

const TRUST =
  'Name the authority that signed the certificate in target.ca (a PEM file) and the name that it is for in ' +
  'target.server_name, or set target.insecure_skip_verify: true.';

/** What is wrong where TLS failed, and what to do; undefined where it was something else. */
export function tlsCauseOf(error: NodeJS.ErrnoException, tls: TlsSettings | undefined): Partial<Probe> | undefined {
  const { code = '', message } = error;
  if (tls !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)/.test(code)) {
    return { problem: `the certificate is not accepted: ${message} (${code})`, advice: TRUST };
  }
  const isHandshake = code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER';
  return isHandshake && message.includes('wrong version number')
    ? { problem: 'it does not speak TLS', advice: 'Write http:// in target.url.' }
    : undefined;
}

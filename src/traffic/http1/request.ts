/**
 * The bytes of a request, encoded once and written as often as needed.
 *
 * Rule: what the user wrote is sent as it is; only what HTTP/1.1 asks for is added, and only when the user did not
 * write it.
 */
import type { PlannedRequest } from '../../model/plan.ts';

/** Methods whose request has a body by meaning, so that an empty one says Content-Length: 0 (RFC 9110 8.6). */
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The request as bytes. `authority` is the host and port of the Host header; `last` tells the server that no other
 * request follows.
 */
export function requestBytes(request: PlannedRequest, authority: string, last: boolean): Buffer {
  const written = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()));
  const lines = [`${request.method} ${request.path} HTTP/1.1`];
  if (!written.has('host')) lines.push(`Host: ${authority}`);
  if (!written.has('user-agent')) lines.push('User-Agent: zerodrop');
  for (const [name, value] of Object.entries(request.headers)) lines.push(`${name}: ${value}`);
  const body = Buffer.from(request.body ?? '');
  const framed = written.has('content-length') || written.has('transfer-encoding');
  if (!framed && (body.length > 0 || METHODS_WITH_BODY.has(request.method))) {
    lines.push(`Content-Length: ${body.length}`);
  }
  if (last && !written.has('connection')) lines.push('Connection: close');
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/**
 * One HTTP/2 connection of a sentinel and the streams on it, by node:http2.
 *
 * Rule: h2c with prior knowledge, as undici speaks HTTP/2 over TLS only. A stream ends in one observation; whether it
 * was left untouched is what GOAWAY and REFUSED_STREAM say, nothing else (RFC 9113 6.8 and 8.7).
 */
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { PlannedRequest } from '../../model/plan.ts';
import { BodyCheck } from '../body.ts';
import type { Observation } from '../client.ts';
import type { LineOptions } from './line.ts';

export interface StreamEnd {
  seen: Observation;
  /** The server says that it has not begun with the request. */
  untouched: boolean;
  note?: string;
}

export class Http2Line {
  /** Resolves when the server has sent its settings, or when the connection has failed. */
  readonly opened: Promise<void>;
  ready = false;
  /** The highest stream that the server says it will answer; undefined before GOAWAY. */
  lastStream: number | undefined;

  readonly #options: LineOptions;
  readonly #number: number;
  readonly #session: ClientHttp2Session;
  readonly #tcp: Socket;
  readonly #connectMs: number;
  #connectedMs: number | undefined;
  #ending: Observation['ending'] = 'never';
  #errno: string | undefined;
  #streams = 0;

  constructor(options: LineOptions) {
    const { now, host, port, authority } = options;
    this.#options = options;
    this.#number = options.nextConnection();
    this.#connectMs = now();
    this.#tcp = connect({ host, port, noDelay: true });
    this.#tcp.once('connect', () => {
      this.#connectedMs = now();
      this.#ending = 'open';
    });
    this.#tcp.once('error', (error: NodeJS.ErrnoException) => {
      this.#errno = error.code ?? 'UNKNOWN';
      if (this.#connectedMs !== undefined) this.#ending = 'rst';
    });
    this.#tcp.once('end', () => (this.#ending = this.#ending === 'rst' ? 'rst' : 'fin'));
    this.#session = connectHttp2(`http://${authority}`, { createConnection: () => this.#tcp });
    this.#session.on(
      'goaway',
      (_code: number, last: number) => (this.lastStream = Math.min(last, this.lastStream ?? Infinity)),
    );
    this.#session.on('error', () => undefined);
    this.opened = new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(limit);
        resolve();
      };
      const limit = setTimeout(settle, options.deadlines.connectMs);
      this.#session.once('remoteSettings', () => {
        this.ready = true;
        settle();
      });
      this.#session.once('close', settle);
    });
  }

  /** Whether another stream may be opened. */
  get usable(): boolean {
    return this.ready && !this.#session.closed && !this.#session.destroyed;
  }

  get errno(): string {
    return this.#errno ?? (this.#ending === 'open' ? 'no HTTP/2 settings came' : this.#ending);
  }

  /** One request on a stream of its own. */
  ask(request: PlannedRequest): Promise<StreamEnd> {
    const { now, deadlines, authority, identityHeader } = this.#options;
    const nowMs = now();
    const moments = { dueMs: nowMs, sentMs: nowMs, writtenMs: nowMs, endMs: nowMs };
    const seen: Observation = {
      ...moments,
      connection: this.#number,
      ending: 'open',
      complete: false,
      uses: this.#streams++,
      bytesRead: 0,
    };
    if (this.#connectedMs !== undefined) {
      seen.ageMs = nowMs - this.#connectedMs;
      seen.rttMs = this.#connectedMs - this.#connectMs;
    }
    if (this.#tcp.localPort !== undefined) seen.localPort = this.#tcp.localPort;
    const body = new BodyCheck(request.expect);
    body.begin();
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const stream = this.#session.request({
      ...headers,
      ':method': request.method,
      ':path': request.path,
      ':authority': authority,
    });
    const limit = setTimeout(() => {
      seen.deadline = seen.firstByteMs === undefined ? 'head' : 'body';
      stream.close(constants.NGHTTP2_CANCEL);
    }, deadlines.totalMs);
    let whole = false;
    stream.on('response', (answered) => {
      seen.firstByteMs = now();
      const status = answered[':status'];
      if (status !== undefined) seen.status = status;
      const coding = answered['content-encoding'];
      if (coding !== undefined) body.coding(coding);
      const identity = identityHeader === undefined ? undefined : answered[identityHeader];
      if (typeof identity === 'string') seen.identity = identity;
    });
    stream.on('data', (part: Buffer) => {
      body.take(part, 0, part.length);
      seen.bytesRead = body.bytes;
    });
    stream.on(
      'end',
      () =>
        (whole = seen.firstByteMs !== undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR && !stream.aborted),
    );
    stream.on('error', () => undefined);
    if (request.body !== undefined) stream.end(request.body);
    else stream.end();
    return new Promise((resolve) => {
      stream.once('close', () => {
        clearTimeout(limit);
        seen.endMs = now();
        seen.complete = whole && seen.deadline === undefined;
        const problem = seen.complete ? body.problem() : undefined;
        if (problem !== undefined) seen.bodyProblem = problem;
        // The socket's own end is told after that of its streams.
        setImmediate(() => resolve(this.#ended(seen, stream)));
      });
    });
  }

  destroy(): void {
    this.#session.destroy();
    this.#tcp.destroy();
  }

  #ended(seen: Observation, stream: ClientHttp2Stream): StreamEnd {
    if (seen.complete) return { seen, untouched: false };
    const refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
    const beyond = this.lastStream !== undefined && stream.id !== undefined && stream.id > this.lastStream;
    seen.ending = this.#ending === 'open' ? 'rst' : this.#ending;
    if (this.#errno !== undefined) seen.errno = this.#errno;
    const streamOnly = this.#ending === 'open' && seen.deadline === undefined;
    return {
      seen,
      untouched: refused || beyond,
      ...(streamOnly ? { note: `the stream was reset with code ${stream.rstCode}` } : {}),
    };
  }
}

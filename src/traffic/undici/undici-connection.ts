/**
 * One connection of the undici client: an undici Client that carries at most one request at a time.
 *
 * Rule: undici decides how to send, as it would for a Node service; what happened is read from the socket itself where
 * undici is vague. What cannot be known through it:
 * - undici looks for a pending FIN before it reuses a socket, and moves a request that it has not written yet to
 * another
 *   connection on its own. Such a request is seen as sent on the new connection; nothing was sent twice.
 * - "written" is the moment when undici hands the request to the socket.
 * - undici destroys a socket as soon as FIN comes, so that the proof of a keep-alive race (see ending.ts) is only
 * had when
 *   the RST was there by then, as it is on one machine; otherwise such a request is `closed`.
 */
import { buildConnector, Client as UndiciClient, type Dispatcher } from 'undici';
import { BodyCheck } from '../body.ts';
import type { ClientOptions, Observation } from '../client.ts';
import { securityOf } from '../tls/security.ts';
import { SocketLife } from './socket-life.ts';

/** Whoever keeps the connections. */
export interface Keeper {
  /** The request ended well and another may follow. */
  free(connection: UndiciConnection): void;
  /** The connection is over. */
  over(connection: UndiciConnection): void;
}

type Headers = Record<string, string | string[] | undefined>;
type Ended = Partial<Observation> & { complete: boolean };

/** Our own connect deadline acts first; this one only gives the socket back to the system. */
const CONNECT_BACKSTOP_MS = 1000;

export class UndiciConnection implements Dispatcher.DispatchHandler {
  readonly #options: ClientOptions;
  readonly #keeper: Keeper;
  readonly #client: UndiciClient;
  readonly #dispatch: Dispatcher.DispatchOptions;
  readonly #once: boolean;
  readonly #body: BodyCheck;
  /** Of the socket in use; undici may replace it before it writes. */
  #life: SocketLife | undefined;

  // The request under way.
  #done: ((observation: Observation) => void) | undefined;
  #dueMs = 0;
  #sentMs = 0;
  #writtenMs: number | undefined;
  #headMs: number | undefined;
  #status: number | undefined;
  #identity: string | undefined;
  #hasLength = false;

  constructor(options: ClientOptions, once: boolean, keeper: Keeper) {
    this.#options = options;
    this.#keeper = keeper;
    this.#once = once;
    this.#body = new BodyCheck(options.request.expect);
    const { method, path, headers, body } = options.request;
    this.#dispatch = { method, path, headers, body: body ?? null, reset: once };
    const connector = buildConnector({
      timeout: options.deadlines.connectMs + CONNECT_BACKSTOP_MS,
      ...(securityOf(options.tls) as buildConnector.BuildOptions),
    });
    this.#client = new UndiciClient(options.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (target, callback) => this.#connect(connector, target, callback),
    });
    this.#client.on('disconnect', () => {
      if (this.#done === undefined) this.#end();
    });
  }

  send(dueMs: number, done: (observation: Observation) => void): void {
    this.#done = done;
    this.#dueMs = dueMs;
    this.#sentMs = this.#options.now();
    this.#writtenMs = undefined;
    this.#headMs = undefined;
    this.#status = undefined;
    this.#identity = undefined;
    this.#client.dispatch(this.#dispatch, this);
  }

  /** Ends the request under way when one of its deadlines has passed. */
  expire(nowMs: number): void {
    const deadline = this.#passed(nowMs);
    if (deadline !== undefined) this.#fail({ complete: false, deadline });
  }

  /** Closes the connection; a request under way is not called back. */
  destroy(): void {
    this.#done = undefined;
    void this.#client.destroy();
  }

  onRequestStart(): void {
    this.#writtenMs = this.#options.now();
    this.#life?.writes();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.#headMs = this.#options.now();
    this.#status = status;
    this.#hasLength = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    this.#body.begin();
    const coding = headers['content-encoding'];
    if (coding !== undefined) this.#body.coding(String(coding));
    const name = this.#options.identityHeader;
    const identity = name === undefined ? undefined : headers[name];
    this.#identity = Array.isArray(identity) ? identity.join(', ') : identity;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.take(chunk, 0, chunk.length);
  }

  onResponseEnd(): void {
    if (this.#done === undefined) return;
    // undici takes an answer without a length for whole when it ends by RST.
    if (this.#life?.isReset === true) return this.#fail({ complete: false });
    const ended: Ended = { complete: true };
    const bodyProblem = this.#body.problem();
    const isCut = !this.#hasLength && this.#body.isShort();
    if (bodyProblem !== undefined) ended.bodyProblem = bodyProblem;
    if (bodyProblem !== undefined && isCut) ended.bodyCut = true;
    this.#succeed(ended);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: NodeJS.ErrnoException): void {
    if (this.#done === undefined) return;
    const ended: Ended = { complete: false };
    if (error.code?.startsWith('E')) ended.errno = error.code;
    // The connection still stands: it was undici that did not like the answer, such as a 100 that nobody asked for.
    else if (this.#life?.isOver !== true) ended.protocolProblem = error.message;
    this.#fail(ended);
  }

  #connect(
    connector: buildConnector.connector,
    target: buildConnector.Options,
    callback: buildConnector.Callback,
  ): void {
    const life = new SocketLife(this.#options.nextConnection(), this.#options.now);
    this.#life = life;
    connector(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      life.connected(socket);
      callback(null, socket);
    });
  }

  #passed(nowMs: number): Observation['deadline'] {
    if (this.#done === undefined) return undefined;
    const { totalMs, connectMs, headMs, bodyMs } = this.#options.deadlines;
    if (nowMs - this.#dueMs >= totalMs) return 'total';
    if (this.#headMs !== undefined) return nowMs - this.#headMs >= bodyMs ? 'body' : undefined;
    if (this.#writtenMs !== undefined) return nowMs - this.#writtenMs >= headMs ? 'head' : undefined;
    return nowMs - this.#sentMs >= connectMs ? 'connect' : undefined;
  }

  /** The connection goes back before the observation goes out, so that a caller may send again at once. */
  #succeed(ended: Ended): void {
    const tell = this.#ended(ended);
    this.#life?.rests();
    if (this.#once) {
      void this.#client.close();
      this.#keeper.over(this);
    } else this.#keeper.free(this);
    tell();
  }

  #fail(ended: Ended): void {
    const tell = this.#ended(ended);
    this.#end();
    tell();
  }

  #end(): void {
    void this.#client.destroy();
    this.#keeper.over(this);
  }

  /** Ends the request; the function returned tells whoever waits. */
  #ended(ended: Ended): () => void {
    const done = this.#done;
    this.#done = undefined;
    const seen: Observation = {
      dueMs: this.#dueMs,
      sentMs: this.#sentMs,
      endMs: this.#options.now(),
      connection: -1,
      ending: 'never',
      ...ended,
    };
    this.#life?.describe(seen);
    if (this.#headMs !== undefined) seen.firstByteMs ??= this.#headMs;
    if (this.#status !== undefined) seen.status = this.#status;
    if (this.#identity !== undefined) seen.identity = this.#identity;
    return () => done?.(seen);
  }
}

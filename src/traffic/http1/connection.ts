/**
 * One TCP connection with at most one request under way, and all that is known of it.
 *
 * Rule: nothing is repeated and nothing is guessed. `written` is the moment when the kernel had taken the whole
 * request: mostly the return of the write itself, and the write's callback when the kernel could not take all of it at
 * once.
 */
import { BodyCheck } from '../body.ts';
import type { Observation } from '../client.ts';
import { endingByError, findEnding, proofWaitMs } from '../ending.ts';
import { Link } from '../link.ts';
import { handshakeProblem } from '../tls/security.ts';
import type { Route } from './route.ts';
import { ResponseParser } from './parser.ts';

/**
 * After an answer that announces a close, the server may close first for this long, so that our ports are free again at
 * once.
 */
const LEAVE_TO_SERVER_MS = 50;

/** A request under way and where its observation goes. */
export interface Exchange {
  observation: Observation;
  done: (observation: Observation) => void;
}

type State = 'connecting' | 'securing' | 'idle' | 'busy' | 'proving' | 'leaving' | 'gone';

export class Connection {
  /** Unique in the session. */
  readonly number: number;
  /** When `expire` is to be called, ms since the plan's start. */
  expiresMs = Infinity;

  readonly #route: Route<Connection>;
  readonly #link: Link;
  readonly #body: BodyCheck;
  readonly #parser: ResponseParser;
  #state: State = 'connecting';
  #exchange: Exchange | undefined;
  #waitingFor: 'connect' | 'head' | 'body' | 'total' = 'connect';
  #uses = 0;
  #connectedMs = 0;
  #idleSinceMs = 0;
  #localPort = 0;
  #proof: NodeJS.Timeout | undefined;

  /** Connects at once; the exchange, if any, goes out as soon as that is done. */
  constructor(route: Route<Connection>, number: number, exchange?: Exchange) {
    this.#route = route;
    this.number = number;
    this.#exchange = exchange;
    this.#body = new BodyCheck(route.request.expect);
    this.#parser = new ResponseParser(this.#body, route.identityHeader);
    const startedMs = route.now();
    if (exchange !== undefined) {
      exchange.observation.connectMs = startedMs;
      exchange.observation.ending = 'never';
    }
    this.#limit('connect', startedMs);
    this.#link = new Link(route, {
      connected: () => this.#onConnect(startedMs),
      ready: (_protocol, resumed) => this.#begin(resumed),
      bytes: (bytes, end) => this.#onBytes(bytes, end),
      closing: () => this.#onClosing(),
      fin: () => this.#onFin(),
      broke: (error) => this.#onError(error),
      distrusted: (error) => this.#onTlsFailure(error),
    });
  }

  /** Sends on an idle connection, at once. */
  send(exchange: Exchange): void {
    this.#exchange = exchange;
    this.#write(exchange.observation);
  }

  /** Ends the request under way with the deadline that ran out, or the connection when nothing is under way. */
  expire(nowMs: number): void {
    if (this.#exchange === undefined) return this.drop();
    const { observation } = this.#exchange;
    observation.deadline = this.#waitingFor;
    this.#end(nowMs, this.#state === 'connecting' ? 'never' : 'open');
  }

  /** Gives the connection up; a request under way is not called back. */
  drop(): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.expiresMs = Infinity;
    clearTimeout(this.#proof);
    this.#link.destroy();
    this.#route.gone(this);
  }

  #onConnect(startedMs: number): void {
    if (this.#state === 'gone') return;
    this.#connectedMs = this.#route.now();
    this.#idleSinceMs = this.#connectedMs;
    this.#localPort = this.#link.socket.localPort ?? 0;
    this.#route.shortestHandshakeMs = Math.min(this.#route.shortestHandshakeMs, this.#connectedMs - startedMs);
    if (this.#exchange !== undefined) {
      this.#exchange.observation.connectedMs = this.#connectedMs;
      this.#exchange.observation.ending = 'open';
    }
    if (this.#route.security === undefined) return;
    this.#state = 'securing';
    if (this.#exchange !== undefined) this.#exchange.observation.during = 'handshake';
  }

  /** Ready for requests; the one that waits goes out. */
  #begin(resumed = false): void {
    if (this.#state === 'gone') return;
    const { observation } = this.#exchange ?? {};
    if (this.#route.security !== undefined) {
      this.#idleSinceMs = this.#route.now();
      if (observation !== undefined) {
        delete observation.during;
        observation.securedMs = this.#idleSinceMs;
        if (resumed) observation.resumed = true;
      }
    }
    if (observation === undefined) this.#rest();
    else this.#write(observation);
  }

  #write(observation: Observation): void {
    const { bytes, now, shortestHandshakeMs } = this.#route;
    const startedMs = now();
    this.#state = 'busy';
    this.#body.begin();
    this.#parser.begin(this.#route.request.method === 'HEAD');
    observation.ageMs = startedMs - this.#connectedMs;
    observation.uses = this.#uses;
    observation.idleMs = startedMs - this.#idleSinceMs;
    observation.localPort = this.#localPort;
    observation.rttMs = shortestHandshakeMs;
    observation.bytesRead = 0;
    observation.bytesWritten = 0;
    const written = (error?: Error | null): void => {
      if (!error && this.#exchange?.observation === observation && observation.writtenMs === undefined) {
        this.#written(observation);
      }
    };
    const left = this.#link.write(bytes, written);
    // A write that fails at once was refused by the kernel: it knew of the connection's end before the first byte.
    if (this.#link.socket.errored !== null) observation.unread = true;
    else if (left) this.#written(observation);
    else this.#limit('head', startedMs);
  }

  #written(observation: Observation): void {
    observation.writtenMs = this.#route.now();
    observation.bytesWritten = this.#route.bytes.length;
    if (!this.#parser.headRead) this.#limit('head', observation.writtenMs);
  }

  #onBytes(bytes: Uint8Array, count: number): void {
    const { observation } = this.#exchange ?? {};
    if (this.#state !== 'busy' || observation === undefined) {
      // Bytes that nobody asked for: whatever they are, the next answer would be misread.
      if (this.#state === 'idle') this.drop();
      return;
    }
    const nowMs = this.#route.now();
    observation.firstByteMs ??= nowMs;
    observation.bytesRead = (observation.bytesRead ?? 0) + count;
    const hadHead = this.#parser.headRead;
    const taken = this.#parser.take(bytes, count);
    if (this.#parser.problem !== undefined) {
      observation.protocolProblem = this.#parser.problem;
      this.#end(nowMs, 'open');
    } else if (this.#parser.complete) {
      if (taken < count && this.#parser.reusable) {
        observation.protocolProblem = `${count - taken} bytes follow the end of the answer`;
      }
      this.#complete(nowMs, 'open');
    } else if (!hadHead && this.#parser.headRead) {
      this.#limit('body', nowMs);
    }
  }

  /** close_notify: no byte of an answer can follow. FIN or RST is waited for, as long as it could prove something. */
  #onClosing(): void {
    if (this.#exchange === undefined) return this.drop();
    const { observation } = this.#exchange;
    observation.closeNotify = true;
    if (this.#state !== 'busy') return;
    const nowMs = this.#route.now();
    if (this.#parser.untilClose) {
      this.#parser.end();
      if (this.#parser.complete) return this.#complete(nowMs, 'fin');
    }
    this.#proof = setTimeout(() => this.#end(nowMs, 'fin'), proofWaitMs(this.#route.shortestHandshakeMs));
  }

  #onTlsFailure(error: NodeJS.ErrnoException): void {
    if (this.#exchange === undefined) return this.drop();
    this.#exchange.observation.tlsProblem = handshakeProblem(error);
    this.#end(this.#route.now(), 'open');
  }

  #onFin(): void {
    if (this.#exchange === undefined) return this.drop();
    if (this.#state !== 'busy' && this.#state !== 'securing') return;
    clearTimeout(this.#proof);
    const nowMs = this.#route.now();
    const { observation } = this.#exchange;
    this.#state = 'proving';
    this.expiresMs = Infinity;
    const cut = {
      bytesRead: observation.bytesRead ?? 0,
      bytesWritten: this.#route.bytes.length,
      uses: this.#uses,
      stoodAlone: observation.writtenMs !== undefined,
    };
    this.#proof = findEnding(this.#link.socket, cut, this.#route.shortestHandshakeMs, (ending, unread) => {
      if (unread) observation.unread = true;
      if (ending === 'rst') observation.errno = 'ECONNRESET';
      // Through TLS, FIN without close_notify is no end of an answer: anyone may have cut it (RFC 9112 9.8).
      else if (this.#route.security === undefined) this.#parser.end();
      if (ending === 'fin' && this.#parser.headRead && this.#parser.complete) this.#complete(nowMs, 'fin');
      else this.#end(nowMs, ending);
    });
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.#exchange === undefined) return this.drop();
    const { observation } = this.#exchange;
    observation.errno = error.code ?? 'UNKNOWN';
    const stood = { connected: this.#state !== 'connecting', finBefore: this.#state === 'proving' };
    const { ending, unread } = endingByError(error.code, stood);
    if (unread) observation.unread = true;
    this.#end(this.#route.now(), ending);
  }

  /**
   * A whole answer came: the connection goes back before the observation goes out, so that a caller may send again at
   * once.
   */
  #complete(nowMs: number, ending: Observation['ending']): void {
    const { observation, done } = this.#exchange as Exchange;
    observation.complete = true;
    const bodyProblem = this.#body.problem();
    if (bodyProblem !== undefined) {
      observation.bodyProblem = bodyProblem;
      if (this.#parser.untilClose && this.#body.isShort()) observation.bodyCut = true;
    }
    this.#describe(observation, nowMs, ending);
    this.#exchange = undefined;
    this.#uses += 1;
    const sound = observation.protocolProblem === undefined && observation.writtenMs !== undefined && ending === 'open';
    if (sound && this.#parser.reusable && this.#route.reuses) {
      this.#idleSinceMs = nowMs;
      this.#rest();
    } else if (sound && !this.#parser.reusable) {
      this.#state = 'leaving';
      this.expiresMs = nowMs + LEAVE_TO_SERVER_MS;
    } else {
      this.drop();
    }
    this.#route.ended();
    done(observation);
  }

  /** No whole answer will come any more. */
  #end(nowMs: number, ending: Observation['ending']): void {
    const { observation, done } = this.#exchange as Exchange;
    this.#describe(observation, nowMs, ending);
    this.#exchange = undefined;
    this.drop();
    this.#route.ended();
    done(observation);
  }

  #describe(observation: Observation, nowMs: number, ending: Observation['ending']): void {
    observation.endMs = nowMs;
    observation.ending = ending;
    if (this.#parser.head.status > 0 && this.#parser.headRead) observation.status = this.#parser.head.status;
    if (this.#parser.headRead && this.#parser.head.identity !== undefined) {
      observation.identity = this.#parser.head.identity;
    }
  }

  #rest(): void {
    this.#state = 'idle';
    this.expiresMs = Infinity;
    this.#route.rested(this);
  }

  /** Sets the deadline of a phase that began at `fromMs`, or that of the whole request when it comes first. */
  #limit(phase: 'connect' | 'head' | 'body', fromMs: number): void {
    const { deadlines } = this.#route;
    const phaseEndsMs =
      fromMs + { connect: deadlines.connectMs, head: deadlines.headMs, body: deadlines.bodyMs }[phase];
    const totalEndsMs = this.#exchange === undefined ? Infinity : this.#exchange.observation.dueMs + deadlines.totalMs;
    this.#waitingFor = totalEndsMs < phaseEndsMs ? 'total' : phase;
    this.expiresMs = Math.min(phaseEndsMs, totalEndsMs);
  }
}

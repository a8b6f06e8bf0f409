/**
 * One WebSocket connection of a sentinel, by undici, over a socket of ours.
 *
 * Rule: undici speaks the protocol; how the connection ended is read from the socket, since 1006 says no more than "not
 * cleanly".
 */
import { connect, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';
import { Agent, WebSocket } from 'undici';
import type { PlannedRequest } from '../../model/plan.ts';
import type { Observation } from '../client.ts';
import type { LineOptions } from './line.ts';

export class WebSocketLine {
  /** Resolves when the connection is open, or when that has failed. */
  readonly opened: Promise<void>;
  /** Resolves with the code of the close frame; 1006 when there was none. */
  readonly closed: Promise<number>;
  open = false;

  readonly #seen: Observation;
  readonly #options: LineOptions;
  readonly #agent: Agent;
  readonly #socket: WebSocket;
  #tcp: Socket | undefined;
  #echoes = 0;

  /** Connects and asks for the upgrade at once. */
  constructor(options: LineOptions, request: PlannedRequest) {
    const { now, authority, host, port, security } = options;
    const startedMs = now();
    this.#options = options;
    this.#seen = {
      dueMs: startedMs,
      sentMs: startedMs,
      endMs: startedMs,
      connectMs: startedMs,
      connection: options.nextConnection(),
      ending: 'never',
      complete: false,
    };
    this.#agent = new Agent({
      connect: (_target, done) => {
        const tcp = connect({ host, port, noDelay: true });
        const socket = security === undefined ? tcp : secure({ ...security.options(), socket: tcp });
        this.#tcp = tcp;
        tcp.once('connect', () => {
          this.#seen.connectedMs = now();
          this.#seen.ending = 'open';
          if (tcp.localPort !== undefined) this.#seen.localPort = tcp.localPort;
        });
        let isReady = false;
        socket.once(security === undefined ? 'connect' : 'secureConnect', () => {
          isReady = true;
          done(null, socket);
        });
        socket.once('end', () => (this.#seen.ending = 'fin'));
        socket.once('error', (error: NodeJS.ErrnoException) => {
          this.#seen.errno = error.code ?? 'UNKNOWN';
          if (this.#seen.connectedMs !== undefined) this.#seen.ending = 'rst';
          if (!isReady) done(error, null);
        });
      },
    });
    this.#socket = new WebSocket(`${security === undefined ? 'ws' : 'wss'}://${authority}${request.path}`, {
      headers: request.headers,
      dispatcher: this.#agent,
    });
    this.closed = new Promise((resolve) => this.#socket.addEventListener('close', ({ code }) => resolve(code)));
    // Each failure is told by the close that follows.
    this.#socket.addEventListener('error', () => undefined);
    this.opened = new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(limit);
        resolve();
      };
      const limit = setTimeout(
        () => {
          this.#seen.deadline = this.#seen.connectedMs === undefined ? 'connect' : 'head';
          settle();
        },
        Math.min(options.deadlines.headMs, options.deadlines.totalMs),
      );
      this.#socket.addEventListener('open', () => {
        this.open = true;
        this.#seen.status = 101;
        settle();
      });
      void this.closed.then(() => {
        this.open = false;
        settle();
      });
    });
  }

  /** Whether a message sent now comes back in time. */
  echoes(): Promise<boolean> {
    const text = `zerodrop ${this.#echoes++}`;
    return new Promise((resolve) => {
      const settle = (came: boolean): void => {
        clearTimeout(limit);
        this.#socket.removeEventListener('message', heard);
        resolve(came);
      };
      const heard = ({ data }: { data: unknown }): void => {
        if (typeof data === 'string' && data.includes(text)) settle(true);
      };
      const limit = setTimeout(() => {
        this.#seen.deadline = 'body';
        settle(false);
      }, this.#options.deadlines.bodyMs);
      this.#socket.addEventListener('message', heard);
      void this.closed.then(() => settle(false));
      this.#socket.send(text);
    });
  }

  /** The connection as an observation; `complete` when all was as it should be. */
  asSeen(complete = false): Observation {
    return { ...this.#seen, endMs: this.#options.now(), complete };
  }

  destroy(): void {
    this.#tcp?.destroy();
    void this.#agent.destroy();
  }
}

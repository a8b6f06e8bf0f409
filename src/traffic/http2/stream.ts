/**
 * One request on its stream, and what came of it.
 *
 * Rule: it ends in one observation. Whether an answer is whole is what END_STREAM and its length say; the connection
 * decides how a stream ends that has no whole answer.
 */
import { BodyCheck } from '../body.ts';
import type { Deadlines, Observation } from '../client.ts';
import type { CutRequest } from '../ending.ts';
import type { Expectation } from '../../model/request.ts';
import type { Field } from './static-table.ts';

export interface Exchange {
  observation: Observation;
  done: (observation: Observation) => void;
}

export interface Answering {
  expect: Expectation;
  /** The request is a HEAD. */
  toHead: boolean;
  identityHeader: string | undefined;
}

export class Stream {
  readonly id: number;
  readonly observation: Observation;
  readonly done: Exchange['done'];
  /** Which deadline runs, and when it ends. */
  waitingFor: 'connect' | 'head' | 'body' | 'total' = 'head';
  expiresMs = Infinity;
  headRead = false;
  /** The rest of the request's body, which flow control held back. */
  unsent: Buffer = Buffer.alloc(0);
  /** Bytes of the body that the peer lets us send. */
  window: number;

  readonly #body: BodyCheck;
  readonly #answering: Answering;
  #length: number | undefined;

  constructor(id: number, { observation, done }: Exchange, answering: Answering, window: number) {
    this.id = id;
    this.observation = observation;
    this.done = done;
    this.window = window;
    this.#answering = answering;
    Object.assign(observation, { ending: 'open', uses: (id - 1) / 2, bytesRead: 0, bytesWritten: 0 });
    this.#body = new BodyCheck(answering.expect);
    this.#body.begin();
  }

  /** Sets the deadline of a phase that began at `fromMs`, or that of the whole request when it comes first. */
  limit(phase: 'head' | 'body', fromMs: number, { totalMs, headMs, bodyMs }: Deadlines): void {
    const phaseEndsMs = fromMs + (phase === 'head' ? headMs : bodyMs);
    const totalEndsMs = this.observation.dueMs + totalMs;
    this.waitingFor = totalEndsMs < phaseEndsMs ? 'total' : phase;
    this.expiresMs = Math.min(totalEndsMs, phaseEndsMs);
  }

  /** Takes a header block: the head, an interim one, or trailers. */
  takeHead(fields: readonly Field[], nowMs: number): void {
    this.observation.firstByteMs ??= nowMs;
    if (this.headRead) {
      for (const [name, value] of fields) (this.observation.trailers ??= {})[name] = value;
      return;
    }
    const status = Number(fields.find(([name]) => name === ':status')?.[1]);
    if (!Number.isInteger(status)) {
      this.observation.protocolProblem = 'the head of the answer has no :status';
      return;
    }
    if (status < 200) return;
    this.headRead = true;
    this.observation.status = status;
    for (const [name, value] of fields) {
      if (name === 'content-length' && /^\d+$/.test(value)) this.#length = Number(value);
      if (name === 'content-encoding') this.#body.coding(value);
      if (name === this.#answering.identityHeader) this.observation.identity = value;
      if (name.startsWith('grpc-')) (this.observation.trailers ??= {})[name] = value;
    }
  }

  takeBody(bytes: Uint8Array): void {
    this.#body.take(bytes, 0, bytes.length);
    this.observation.bytesRead = (this.observation.bytesRead ?? 0) + bytes.length;
  }

  /** The peer has ended the stream: the answer is whole, unless its length says something else. */
  complete(): this {
    if (this.headRead) this.#conclude();
    else this.observation.protocolProblem = 'the stream ended without the head of an answer';
    return this;
  }

  #conclude(): void {
    const { observation } = this;
    const { bytes } = this.#body;
    observation.complete = true;
    const noBody = this.#answering.toHead || observation.status === 204 || observation.status === 304;
    if (this.#length !== undefined && !noBody && bytes !== this.#length) {
      observation.bodyProblem = `body: ${bytes} of ${this.#length} bytes, then the end of the stream`;
      observation.bodyCut = bytes < this.#length;
      return;
    }
    const problem = this.#body.problem();
    if (problem === undefined) return;
    observation.bodyProblem = problem;
    if (this.#length === undefined && this.#body.isShort()) observation.bodyCut = true;
  }
}

/**
 * What the end of a connection cut. An RST after it proves a request unread only where it was the last that was
 * written, and no other was under way.
 */
export function cutOf([stream, ...others]: readonly Stream[], lastWritten: number): CutRequest {
  const { bytesRead = 0, bytesWritten = 0, uses = 0, writtenMs } = stream?.observation ?? {};
  return {
    bytesRead,
    bytesWritten,
    uses: stream?.headRead === true ? 0 : uses,
    stoodAlone: others.length === 0 && lastWritten === stream?.id && writtenMs !== undefined,
  };
}

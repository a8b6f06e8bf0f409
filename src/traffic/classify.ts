/**
 * The outcome of one request, from what its client observed.
 *
 * Rule: pure, and the only place that decides. What the client's own machine could not do is `unsent`; `raced` needs a
 * proof that the server never read the request; everything else that has no whole answer is held against the target.
 */
import type { Outcome } from '../model/outcome.ts';
import type { Expectation } from '../model/request.ts';
import type { Observation } from './client.ts';

/** An outcome, with words on what was wrong where the outcome alone does not say it. */
export interface Classified {
  outcome: Outcome;
  note?: string;
}

/** Errors of our own machine or its surroundings: no request left. */
const LOCAL_ERRORS: Readonly<Record<string, string>> = {
  POOL: 'every connection that the client may open was busy',
  EMFILE: 'this process may open no more files',
  ENFILE: 'this machine may open no more files',
  EADDRNOTAVAIL: 'no local port was free',
  ENOBUFS: 'the kernel had no buffer left',
  ENOMEM: 'the kernel had no memory left',
  EACCES: 'this machine does not allow the connection',
  EPERM: 'this machine does not allow the connection',
  ENETUNREACH: 'this machine has no route to the target',
  ENETDOWN: 'the network of this machine is down',
  ENOTFOUND: 'the host name of the target was not found',
  EAI_AGAIN: 'the host name of the target could not be looked up',
};

/** What became of the request. `expect` is what a good answer is. */
export function outcomeOf(observation: Observation, expect: Expectation): Classified {
  const { errno } = observation;
  if (observation.complete) return answerOutcomeOf(observation, expect);
  if (observation.deadline !== undefined) {
    return {
      outcome: 'timeout',
      note: `nothing more came in time ${phaseOf(observation)} (${observation.deadline} deadline)`,
    };
  }
  if (observation.unprocessed !== undefined) {
    return { outcome: 'raced', note: `not processed: ${observation.unprocessed}` };
  }
  if (observation.streamError !== undefined) return streamOutcomeOf(observation, observation.streamError);
  const problem = observation.tlsProblem ?? observation.protocolProblem;
  if (problem !== undefined) return { outcome: 'failed', note: problem };
  if (errno !== undefined && errno in LOCAL_ERRORS) {
    return { outcome: 'unsent', note: `${errno}: ${LOCAL_ERRORS[errno]}` };
  }
  if (errno === 'ETIMEDOUT') return { outcome: 'timeout', note: `the kernel gave up ${phaseOf(observation)}` };
  if (errno === 'ECONNREFUSED') return { outcome: 'refused' };
  if (errno === 'EHOSTUNREACH' || errno === 'EHOSTDOWN') {
    return { outcome: 'refused', note: `${errno}: the host of the target does not answer` };
  }
  if (isRaced(observation)) return { outcome: 'raced' };
  if (observation.during === 'handshake') {
    return { outcome: observation.ending === 'fin' ? 'closed' : 'reset', note: 'in the TLS handshake' };
  }
  const read = observation.bytesRead ?? 0;
  if (observation.goaway !== undefined) return goawayOutcomeOf(observation, observation.goaway);
  const also = observation.closeNotify === true ? ', after close_notify' : '';
  if (observation.ending === 'fin') {
    if (read > 0) {
      return { outcome: 'truncated', note: `the connection ended after ${read} bytes of the answer${also}` };
    }
    return { outcome: 'closed', ...(also === '' ? {} : { note: 'closed after close_notify' }) };
  }
  if (read > 0) return { outcome: 'reset', note: `reset after ${read} bytes of the answer${also}` };
  // Both orders occur on the wire: the server may have meant to close before it read the request.
  if (also !== '') return { outcome: 'reset', note: 'reset after close_notify; it may not have read the request' };
  return observation.ending === 'rst'
    ? { outcome: 'reset' }
    : { outcome: 'reset', note: `the connection failed with ${errno}` };
}

/** HTTP/2: the server reset the stream and kept the connection; whether it had processed the request is not known. */
function streamOutcomeOf({ bytesRead = 0 }: Observation, code: string): Classified {
  if (code === 'HTTP_1_1_REQUIRED') return { outcome: 'failed', note: 'the target asks for HTTP/1.1 (RST_STREAM)' };
  const after = bytesRead > 0 ? ` after ${bytesRead} bytes of the answer` : '';
  return { outcome: 'reset', note: `RST_STREAM with ${code}${after}` };
}

/** HTTP/2: the connection ended after GOAWAY, before a stream was answered that the server had let stand. */
function goawayOutcomeOf({ bytesRead = 0, ending }: Observation, said: string): Classified {
  const note = `the connection ended after ${said}`;
  if (ending !== 'fin') return { outcome: 'reset', note };
  return { outcome: bytesRead > 0 ? 'truncated' : 'closed', note };
}

/** Whether the status is as expected; 200 to 399 when nothing else is asked for. */
export function isExpectedStatus(status: number, expect: Expectation): boolean {
  if (expect.status === undefined) return status >= 200 && status <= 399;
  return Array.isArray(expect.status) ? expect.status.includes(status) : expect.status === status;
}

function answerOutcomeOf(observation: Observation, expect: Expectation): Classified {
  const { status = 0, bodyProblem, protocolProblem } = observation;
  if (!isExpectedStatus(status, expect)) {
    return {
      outcome: status === 503 || status === 429 ? 'rejected' : 'failed',
      note: `status ${status}, expected ${expectedStatusText(expect)}`,
    };
  }
  if (protocolProblem !== undefined) return { outcome: 'failed', note: protocolProblem };
  if (bodyProblem === undefined) return { outcome: 'answered' };
  return { outcome: observation.bodyCut === true ? 'truncated' : 'failed', note: bodyProblem };
}

/**
 * A reused connection that was closed before the server could read the request: the keep-alive race. Only a proof
 * counts. That the end came "within a round trip" proves nothing: a handshake, as a process can time it, is an upper
 * bound of a round trip, and a server on the same machine that read the request and dropped it was seen to be quicker
 * than the shortest handshake known.
 *
 * An RST without a FIN before it is no proof either. A kernel sends the same RST when a process closes a connection
 * with a request unread (what RFC 9112 9.6 warns of) and when it has read the request and aborts. So it stays `reset`,
 * and lost: RFC 9110 9.2.2 asks a client to know that a request was not applied before it repeats one that is not
 * idempotent, and this client cannot know. Only an RST that was there before the write proves it (`unread`).
 */
function isRaced({ uses = 0, bytesRead = 0, ending, unread }: Observation): boolean {
  return uses > 0 && bytesRead === 0 && unread === true && (ending === 'fin' || ending === 'rst');
}

/**
 * Whether a client that repeats idempotent requests would repeat this one: it was sent on a reused connection that
 * ended, by FIN or by RST, before any of the answer came. RFC 9110 9.2.2 and RFC 9112 9.3.1 allow that for idempotent
 * requests whether the server has read them or not, so that no proof is needed, and clients do it (Go's net/http).
 */
export function isRepeatable(observation: Observation, { outcome }: Classified): boolean {
  if (outcome === 'raced') return true;
  const { uses = 0, bytesRead = 0 } = observation;
  return (outcome === 'reset' || outcome === 'closed') && uses > 0 && bytesRead === 0;
}

function phaseOf({ connectedMs, uses, firstByteMs, during }: Observation): string {
  if (connectedMs === undefined && uses === undefined) return 'while connecting';
  if (during === 'handshake') return 'in the TLS handshake';
  return firstByteMs === undefined ? 'while waiting for the answer' : 'in mid-answer';
}

function expectedStatusText(expect: Expectation): string {
  if (expect.status === undefined) return '200 to 399';
  return Array.isArray(expect.status) ? expect.status.join(' or ') : String(expect.status);
}

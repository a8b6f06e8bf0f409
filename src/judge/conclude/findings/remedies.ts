/**
 * What to do about the requests of one finding: a hint for each kind of loss among them.
 *
 * Rule: each failure has the hint of its own kind; those of a kind that hardly occurs are left out. The kind is finer
 * than the outcome: an answer that was reset half-way was cut, whatever ended the connection.
 */
import type { Outcome } from '../../../model/outcome.ts';
import type { Evidence, RestartFacts } from '../../measure/evidence.ts';
import type { JudgedFailure } from '../../measure/failures.ts';
import { msText } from '../wording.ts';
import { hintFor } from './hints.ts';

/** A kind with a smaller share of the failures is a stray, as 3 resets beside 617 refused connections. */
const STRAY_SHARE = 0.02;
const MOST_HINTS = 3;
/** Clients that wait as long for a process to leave do notice. */
const LONG_LEAVE_MS = 1000;

/** The hints for these failures, the commonest kind first. */
export function remedyFor(evidence: Evidence, failures: readonly JudgedFailure[]): string {
  const counts = new Map<string, number>();
  for (const failure of failures) {
    const hint = hintOf(failure, evidence);
    counts.set(hint, (counts.get(hint) ?? 0) + 1);
  }
  const kinds = [...counts].sort(([, one], [, other]) => other - one);
  const shown = kinds.filter(([, count]) => count >= failures.length * STRAY_SHARE).slice(0, MOST_HINTS);
  const [only] = shown;
  if (only === undefined) return 'Look at the failures in the report.';
  if (shown.length === 1) return only[0];
  return shown.map(([hint, count]) => `${count.toLocaleString('en-US')} of them: ${hint}`).join(' ');
}

function hintOf(failure: JudgedFailure, evidence: Evidence): string {
  const { outcome, story, sentinel } = failure;
  const { planned } = evidence;
  const leaving = outcome === 'timeout' ? leavingHint(evidence) : undefined;
  if (leaving !== undefined) return leaving;
  if (outcome === 'rejected' && sentinel === 'in-flight-next') return REFUSED_NEXT;
  const byDoor = isByDoor(failure, evidence);
  if (!byDoor && isOfProxy(failure)) return PROXY_LOST;
  return hintFor(byDoor ? 'closed' : kindOf(outcome, story.bytesRead), planned.strategy, {
    onReused: (story.uses ?? 0) > 0,
    unconnected: story.ending === 'never',
    distrusted: isDistrusted(failure),
    inHandshake: story.during === 'handshake',
    onStreams: planned.traffic.client.kind === 'http2' && story.ending !== 'never',
    sentinel,
  });
}

const kindOf = (outcome: Outcome, bytesRead = 0): Outcome =>
  outcome === 'reset' && bytesRead > 0 ? 'truncated' : outcome;

/**
 * A wrong answer that names no instance, where instances do: a front door's words for an instance that ended in
 * mid-work.
 */
function isByDoor({ outcome, story }: JudgedFailure, { planned }: Evidence): boolean {
  const named = planned.fleet !== undefined && planned.target.identity?.header !== undefined;
  return named && outcome === 'failed' && story.identity === undefined;
}

/** A 502 or 504 that names no instance: a proxy said it, since an instance names itself. */
const isOfProxy = ({ outcome, story: { status, identity } }: JudgedFailure): boolean =>
  outcome === 'failed' && (status === 502 || status === 504) && identity === undefined;

/** Whether the certificate of the target was not accepted. */
export function isDistrusted({ story: { during, note = '' } }: Pick<JudgedFailure, 'story'>): boolean {
  return during === 'handshake' && note.includes('certificate');
}

/** Where a socket waits with its connections while the old process takes its time: how long that was, and the cure. */
export function leavingHint({ planned, restarts }: Evidence): string | undefined {
  if (planned.strategy !== 'socket-activation' || planned.restart.order === 'start-first') return undefined;
  const leaveMs = Math.max(0, ...restarts.map(leaveMsOf));
  if (leaveMs < LONG_LEAVE_MS) return undefined;
  return (
    `The old process took ${msText(leaveMs)} to leave, and nobody accepted meanwhile. Set ` +
    '`restart.order: start-first`, so that the successor accepts while the old process finishes.'
  );
}

function leaveMsOf({ window: { restart, signalledAtMs } }: RestartFacts): number {
  return restart.moments.gone === undefined ? 0 : restart.moments.gone - signalledAtMs;
}

const PROXY_LOST =
  'A proxy answered 502 or 504: it lost the backend that was working on the request. Let the backend finish its ' +
  'requests before it exits (in php-fpm `process_control_timeout`), and keep its socket open while it reloads.';

const REFUSED_NEXT =
  'Requests in flight were answered, and the next ones on their connections were refused. Send ' +
  '`Connection: close` with each answer after the signal, so that clients open a new connection.';

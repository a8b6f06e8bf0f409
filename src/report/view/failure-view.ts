/**
 * One failure as reports show it: its place, its story, and what else is known of it.
 *
 * Rule: what was never reached or never known is left out, not shown as zero.
 */
import type { JudgedFailure } from '../../judge/measure/failures.ts';
import type { Recording } from '../../judge/fold/recording.ts';
import type { Story } from '../../model/event.ts';
import type { Result } from '../../model/result.ts';
import type { FailureView, Waterfall } from './view.ts';
import { countText, msText, quantity } from './words.ts';

/** Failure number `n` of a run. */
export function failureView(failure: JudgedFailure, n: number, result: Result, recording: Recording): FailureView {
  const { story, restart, dueAtMs } = failure;
  const signalledAtMs =
    restart === null
      ? undefined
      : result.arms.find(({ name }) => name === failure.arm)?.restarts[restart]?.signalledAtMs;
  return {
    n,
    arm: failure.arm,
    source: failure.stream ?? failure.sentinel ?? 'unknown',
    sentinel: failure.sentinel !== null,
    outcome: failure.outcome,
    dueAtMs: micros(dueAtMs),
    restart: restart === null ? null : restart + 1,
    sinceSignalMs: signalledAtMs === undefined ? null : micros(dueAtMs - signalledAtMs),
    story: failure.cause,
    facts: factsOf(failure, recording),
    waterfall: waterfallOf(story),
  };
}

const micros = (ms: number): number => Math.round(ms * 1000) / 1000;

function waterfallOf({ dueMs, connectMs, connectedMs, writtenMs, firstByteMs, endMs, ageMs }: Story): Waterfall {
  const since = (ms: number): number => micros(Math.max(0, ms - dueMs));
  const fresh = ageMs === undefined || connectMs === undefined || connectMs >= dueMs;
  return {
    ...(connectMs === undefined || !fresh ? {} : { connectMs: since(connectMs) }),
    ...(connectedMs === undefined || !fresh ? {} : { connectedMs: since(connectedMs) }),
    ...(writtenMs === undefined ? {} : { writtenMs: since(writtenMs) }),
    ...(firstByteMs === undefined ? {} : { firstByteMs: since(firstByteMs) }),
    endMs: since(endMs),
  };
}

function factsOf({ story, instance, session, number, stream }: JudgedFailure, recording: Recording): string {
  const identity =
    story.identity === undefined
      ? undefined
      : recording.sessions.find((candidate) => candidate.session === session)?.identities[story.identity];
  const facts = [
    `${stream === null ? 'sentinel' : 'request'} ${countText(number)}`,
    story.connection < 0 ? 'no connection' : `connection ${story.connection}`,
    story.ageMs === undefined ? undefined : `${msText(story.ageMs)} old`,
    story.uses === undefined ? undefined : `${quantity(story.uses, 'request')} before`,
    story.idleMs === undefined ? undefined : `idle for ${msText(story.idleMs)}`,
    story.bytesWritten === undefined ? undefined : `${countText(story.bytesWritten)} B sent`,
    story.bytesRead === undefined ? undefined : `${countText(story.bytesRead)} B received`,
    story.localPort === undefined ? undefined : `local port ${story.localPort}`,
    instance?.label,
    identity === undefined ? undefined : `instance ${identity}`,
    story.status === undefined ? undefined : `status ${story.status}`,
    story.errno,
    story.ending === 'fin' ? 'ended by FIN' : story.ending === 'rst' ? 'ended by RST' : undefined,
    story.retries === undefined || story.retries === 0 ? undefined : `repeated ${story.retries} times`,
    story.note,
  ];
  return facts.filter((fact) => fact !== undefined).join(', ');
}

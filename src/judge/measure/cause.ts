/**
 * What happened to one request, in one line for somebody who was not there.
 *
 * Rule: only what the story and the phase say; nothing is guessed.
 */
import type { Story } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import { PHASE_MEANINGS, type Phase } from './phases.ts';
import { bareText, msText, quantity } from '../conclude/wording.ts';

/** One line: what happened. */
export function causeOf(outcome: Outcome, story: Story, phase: Phase): string {
  const when = PHASE_MEANINGS[phase];
  switch (outcome) {
    case 'answered':
      return 'It was answered as expected.';
    case 'refused':
      return `The connection was refused ${when}: nobody listened.`;
    case 'reset':
      if (story.stream === 'reset') {
        return `The server reset the stream ${when}, ${sinceWritten(story)}${noteOf(story)}. Its connection lived on.`;
      }
      return `${connectionOf(story)} was reset ${when}, ${sinceWritten(story)}.`;
    case 'closed':
      return `${connectionOf(story)} was closed ${when}, ${sinceWritten(story)}, before it sent anything.`;
    case 'raced':
      if (story.stream === 'unprocessed') {
        return `The server did not process the request ${when}${noteOf(story)}. It is safe to repeat.`;
      }
      return (
        `${connectionOf(story)}${story.idleMs === undefined ? '' : `, idle for ${msText(story.idleMs)},`} was ` +
        `closed ${when}, just as the request was written.`
      );
    case 'truncated':
      return (
        'The answer broke off ' +
        `${when}${story.bytesRead === undefined ? '' : ` after ${quantity(story.bytesRead, 'byte')}`}${noteOf(story)}.`
      );
    case 'timeout':
      return (
        `Nothing came in time (${deadlineOf(story)}), ${msText(story.endMs - story.dueMs)} after it was due; it ` +
        `was sent ${when}.`
      );
    case 'rejected':
      return `The server turned it away${story.status === undefined ? '' : ` with status ${story.status}`} ${when}.`;
    case 'failed':
      return `The answer was wrong ${when}${noteOf(story)}.`;
    case 'unsent':
      return `zerodrop itself did not send it${noteOf(story)}.`;
  }
}

function connectionOf({ uses }: Story): string {
  return uses === undefined || uses === 0
    ? 'A new connection'
    : `A kept-alive connection (${quantity(uses, 'request')} before)`;
}

function sinceWritten({ writtenMs, endMs }: Story): string {
  return writtenMs === undefined
    ? 'before the request was written'
    : `${msText(Math.max(0, endMs - writtenMs))} after the request was written`;
}

function deadlineOf({ deadline, ending }: Story): string {
  if (ending === 'never') return 'no connection';
  switch (deadline) {
    case 'connect':
      return 'no connection';
    case 'head':
      return 'connected, but no head of an answer';
    case 'body':
      return 'a head, but not the whole body';
    case 'total':
    case undefined:
      return 'no whole answer';
  }
}

function noteOf({ note, errno }: Story): string {
  const said = note ?? errno;
  return said === undefined ? '' : `: ${bareText(said)}`;
}

/**
 * Advice that several strategies share.
 *
 * Rule: each sentence names something that the reader can change.
 */
import type { Advice } from './strategy.ts';

/** For strategies that have a gap by design. */
export const GAP_BY_DESIGN =
  'by design. Hand the listening socket over (strategy socket-activation or signal-handoff), or start the ' +
  'successor before the old instance stops.';

const NONE_READY =
  'The front door had no ready instance, or an instance refused work. New instances: let the readiness probe fail ' +
  'until the first request can be served. Old instances:';

/** Behind a front door, instances end while requests are still sent to them or are in flight in them. */
export function fleetAdvice(cause: string, advice: string): Advice {
  const ended = `${cause} ${advice}`;
  return {
    refused: ended,
    reset: ended,
    closed: ended,
    rejected: `${NONE_READY} ${advice.charAt(0).toLowerCase()}${advice.slice(1)}`,
  };
}

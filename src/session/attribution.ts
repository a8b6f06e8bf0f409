/**
 * Names, in each failure that came through a front door, the instance that its connection was given to.
 *
 * Rule: every event is handed on exactly once, and with nothing but that name added. A failure waits as long as a door
 * may take to tell of a connection; where the door cannot tell, nothing waits and nothing is named.
 */
import type { Event } from '../model/event.ts';

/** A door tells of new connections a few dozen times a second. */
const TOLD_WITHIN_MS = 100;

export interface Attribution {
  write(event: Event): void;
  /** Hands on at once what still waits. */
  flush(): void;
}

/** `chosenFor`: the name of the instance that the latest connection from a local port of a client was given to. */
export function openAttribution(
  chosenFor: ((localPort: number) => string | undefined) | undefined,
  handOn: (event: Event) => void,
): Attribution {
  const waiting = new Map<NodeJS.Timeout, () => void>();
  return {
    write(event) {
      const isFailure = (event.kind === 'failure' || event.kind === 'sentinel') && event.outcome !== 'answered';
      const localPort = isFailure ? event.story.localPort : undefined;
      if (!isFailure || chosenFor === undefined || localPort === undefined) return handOn(event);
      const named = (): void => {
        waiting.delete(timer);
        const backend = chosenFor(localPort);
        handOn(backend === undefined ? event : { ...event, story: { ...event.story, backend } });
      };
      const timer = setTimeout(named, TOLD_WITHIN_MS);
      waiting.set(timer, named);
    },
    flush() {
      for (const [timer, named] of waiting) {
        clearTimeout(timer);
        named();
      }
    },
  };
}

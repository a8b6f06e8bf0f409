/**
 * What passes between the embedded front door's process and its owner, one JSON object a line.
 *
 * Rule: every message of the owner is answered by one with its `id`; what the door tells by itself has none.
 */
import type { Backend, BackendCounts } from '../../../model/front.ts';
import type { FrontOptions } from '../../../model/fleet.ts';

export type ToDoor =
  | {
      kind: 'open';
      id: number;
      host: string;
      port: number;
      options: Pick<FrontOptions, 'health_check' | 'passive_ejection'>;
    }
  /** To be acted on in the door's own time: its owner may be busy then, starting an instance. */
  | { kind: 'route'; id: number; backends: readonly Backend[]; afterMs: number }
  | { kind: 'counts'; id: number };

export type FromDoor =
  | { kind: 'opened'; id: number; problem?: string }
  | { kind: 'routed'; id: number }
  | { kind: 'counts'; id: number; counts: BackendCounts[] }
  /**
   * New connections, in their order: the local port of the client, and the name of the backend that it was given to,
   * empty when there was none.
   */
  | { kind: 'chosen'; ports: number[]; names: string[] };

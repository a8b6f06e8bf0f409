/**
 * A front door: what clients speak to, and what spreads their connections over the instances of a fleet.
 * The port between target/ (which decides who gets what) and front/ (which does it).
 *
 * Rule: declarative. A table says who gets new connections; what is not in it gets none and keeps those that it has.
 */

/** One instance behind a front door. Several weights are shares of their sum; 0 takes no new connections. */
export interface Backend {
  /** Letters, digits and -; unique and never used again. */
  name: string;
  host: string;
  port: number;
  weight: number;
}

/** What a front door counted for one backend since it was opened. */
export interface BackendCounts {
  name: string;
  /** Connections, or requests where the door reads them, that it was chosen for. */
  chosen: number;
  /** Of those, the ones that it did not take. */
  refused: number;
  /** Open now. */
  open: number;
}

export interface FrontDoor {
  /** Such as http://127.0.0.1:4711 */
  readonly origin: string;
  /**
   * From when this resolves on, and not before `afterMs` (default 0), new connections are spread as this table says.
   */
  route(backends: readonly Backend[], afterMs?: number): Promise<void>;
  counts(): Promise<BackendCounts[]>;
  /**
   * The backend that the latest connection from this local port of a client was given to; undefined where the door
   * cannot tell.
   */
  chosenFor(clientPort: number): string | undefined;
  /**
   * The local ports of clients whose latest connection this backend was given; undefined where the door cannot tell.
   */
  portsOf(backend: string): number[] | undefined;
  /** Resolves, with what is known of it, when the door exits on its own. */
  readonly died: Promise<string>;
  close(): Promise<void>;
}

/**
 * The process that makes pressure: one message says what to load, the end of stdin ends the load.
 *
 * Rule: it never outlives its owner, never stops because the target is away, and never takes time from the processes
 * that measure.
 */
import { setPriority } from 'node:os';
import autocannon from 'autocannon';
import { serveOwner } from '../../processes/owner.ts';
import { Load, type Report } from './messages.ts';

/** The load runs until it is stopped; autocannon wants a number of seconds. */
const FOREVER_S = 7 * 24 * 3600;
const SAMPLE_MS = 100;
/** Below the agents and the target, so that its reconnects during an outage do not delay either. */
const LOW_PRIORITY = 10;
const EXIT_LIMIT_MS = 3000;

let stop = (): void => process.exit(0);
const send: (report: Report) => void = serveOwner({ hears: Load, obey: load, ended: () => stop() });

function load({ origin, path, connections, pipelining }: Load): void {
  const instance = autocannon(
    { url: origin + path, connections, pipelining, duration: FOREVER_S, sampleInt: SAMPLE_MS },
    (error, result) => {
      if (error !== null && error !== undefined) throw error;
      send({ requests: result.requests.total, errors: result.errors });
      process.stdout.end(() => process.exit(0));
    },
  );
  stop = () => {
    instance.stop();
    setTimeout(() => process.exit(1), EXIT_LIMIT_MS);
  };
}

setPriority(LOW_PRIORITY);

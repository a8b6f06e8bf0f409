/**
 * The process that makes pressure: one line of JSON on stdin says what to load, the end of stdin ends the load.
 *
 * Rule: it never outlives its owner, never stops because the target is away, and never takes time from the processes
 * that measure.
 */
import { setPriority } from 'node:os';
import autocannon from 'autocannon';
import { z } from 'zod';
import { lineSplitter } from '../lines.ts';

const Load = z.object({
  origin: z.string(),
  path: z.string(),
  connections: z.int().positive(),
  pipelining: z.int().positive(),
});

/** The load runs until it is stopped; autocannon wants a number of seconds. */
const FOREVER_S = 7 * 24 * 3600;
const SAMPLE_MS = 100;
/** Below the agents and the target, so that its reconnects during an outage do not delay either. */
const LOW_PRIORITY = 10;
const EXIT_LIMIT_MS = 3000;

let stop = (): void => process.exit(0);

function load(line: string): void {
  const { origin, path, connections, pipelining } = Load.parse(JSON.parse(line));
  const instance = autocannon(
    { url: origin + path, connections, pipelining, duration: FOREVER_S, sampleInt: SAMPLE_MS },
    (error, result) => {
      if (error !== null && error !== undefined) throw error;
      process.stdout.write(`${JSON.stringify({ requests: result.requests.total, errors: result.errors })}\n`, () =>
        process.exit(0),
      );
    },
  );
  stop = () => {
    instance.stop();
    setTimeout(() => process.exit(1), EXIT_LIMIT_MS);
  };
}

setPriority(LOW_PRIORITY);
process.on('SIGINT', () => undefined);
process.stdout.on('error', () => process.exit(0));
process.stdin.setEncoding('utf8').on('data', lineSplitter(load));
process.stdin.on('end', () => stop()).on('error', () => process.exit(0));

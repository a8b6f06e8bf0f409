#!/usr/bin/env node
/**
 * The entry of the command line.
 *
 * Rule: it loads the rest only where enough files can be opened for that, so that a low limit is answered in words.
 */
import { readFileSync } from 'node:fs';

/** Loading takes about a hundred at once, and a run without load as many. */
const LEAST_DESCRIPTORS = 200;

if (descriptorLimit() < LEAST_DESCRIPTORS) {
  process.stderr.write(
    `zerodrop: there are not enough file descriptors: the limit is ${descriptorLimit()}, at least ` +
      `${LEAST_DESCRIPTORS} are needed\n  → Raise the limit, for example with ulimit -n 4096.\n`,
  );
  process.exit(64);
}
await import('./command-line.ts');

/** Of this process; without end where the system does not say. */
function descriptorLimit(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

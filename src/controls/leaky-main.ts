/**
 * The leaky server as a process of its own: its plan comes as the only argument, its port and its tallies go out on
 * stdout.
 *
 * Rule: it never outlives its owner. The end of stdin ends it at once; every line on stdin is answered by a tally.
 */
import { LeakPlan } from './leaks.ts';
import { openLeakyServer } from './leaky-server.ts';

// Ctrl-C reaches every process of a terminal; the owner decides what it means.
process.on('SIGINT', () => undefined);
process.stdout.on('error', () => process.exit(0));
const server = await openLeakyServer(LeakPlan.parse(JSON.parse(process.argv[2] ?? '{}')));
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
say({ port: server.port });
process.stdin.on('data', () => say({ tally: server.tally() }));
process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));

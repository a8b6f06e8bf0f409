/** Servers that take pipelined requests seriously, or lose the second. They hold both until the signal. */
import type { Outcome } from '../../../src/model/outcome.ts';
import { hold } from './in-flight.ts';
import type { Call, Conduct } from './server.ts';

/** Deals with the first of each pair at the signal so, and with the second as that leaves it. */
const endsPairs = (end: (first: Call, second: Call) => void, outcome: Outcome): Conduct => ({
  underWayEach: 2,
  called: hold,
  signalled(house) {
    const pending = [...house.pending];
    for (const socket of new Set(pending.map((call) => call.socket))) {
      const [first, second] = pending.filter((call) => call.socket === socket);
      if (first === undefined || second === undefined) continue;
      house.did(outcome);
      end(first, second);
    }
  },
});

/** Answers both. */
export const answersBoth: Conduct = endsPairs((first, second) => {
  first.answer('done');
  second.answer('done');
}, 'answered');

/** Announces the end with the first answer, and closes the second unread. */
export const closesSecond: Conduct = endsPairs((first) => {
  first.answer('done', 'Connection: close\r\n');
  first.socket.end();
}, 'answered');

/** Cuts the second answer. */
export const cutsSecond: Conduct = endsPairs((first) => {
  first.answer('done');
  first.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndo');
}, 'truncated');

/** Resets the connection after a whole first answer. */
export const resetsSecond: Conduct = endsPairs((first) => {
  first.answer('done');
  first.socket.resetAndDestroy();
}, 'reset');

/** Answers neither. */
export const answersNeither: Conduct = endsPairs((first) => first.socket.destroy(), 'closed');

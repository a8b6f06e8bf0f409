/** Servers that take pipelined requests seriously, or lose the second. */
import { SLOW_MS, type Call, type Conduct, type House } from './server.ts';

const pairs = (house: House): Set<Call['socket']> => new Set([...house.pending].map(({ socket }) => socket));
const isFirst = (call: Call, house: House): boolean => [...house.pending].find(({ socket }) => socket === call.socket) === call;

/** Answers both. */
export const answersBoth: Conduct = {
  called: (call) => void setTimeout(() => call.answer('done'), SLOW_MS),
  signalled: (house) => house.did('answered', pairs(house).size),
};

/** Answers the first after the signal as `end` does it, and leaves the second. */
const leavesSecond = (end: (call: Call) => void, outcome: 'answered' | 'truncated' | 'closed'): Conduct => ({
  called: (call, house) =>
    void setTimeout(() => {
      if (!house.signalled) call.answer('done');
      else if (call.socket.writable && isFirst(call, house)) end(call);
    }, SLOW_MS),
  signalled: (house) => house.did(outcome, pairs(house).size),
});

/** Announces the end with the first answer, and closes the second unread. */
export const closesSecond: Conduct = leavesSecond((call) => {
  call.answer('done', 'Connection: close\r\n');
  call.socket.end();
}, 'answered');

/** Cuts the second answer. */
export const cutsSecond: Conduct = leavesSecond((call) => {
  call.answer('done');
  call.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndo');
}, 'truncated');

/** Answers neither. */
export const answersNeither: Conduct = leavesSecond((call) => call.socket.destroy(), 'closed');

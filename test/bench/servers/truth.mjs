/**
 * A raw server that commits known faults on known requests and counts itself: its orders come as the only argument, its
 * port and its counts go out on stdout, one JSON object a line, one for each line on stdin. The end of stdin ends it.
 *
 * `turn` is the keep-alive race in the making: a good answer, and an end without notice to one of the connections that
 * have rested longest, which are the next to be used. A request that meets that end is never read: it came
 * before (then the kernel sends RST) or after (FIN, and RST to what follows), and shows as sent and not read.
 */
import { createServer } from 'node:net';

const { faults, requests: planned, stampRatePerSecond } = JSON.parse(process.argv[2]);
const BODY = 'hello world!';
const GOOD = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const GOOD_CLOSE = GOOD.replace('OK\r\n', 'OK\r\nConnection: close\r\n');
/** Multiples of the golden ratio, modulo 1, are spread evenly and in step with nothing. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

const TURNS_AHEAD = 8;

const good = (socket, close) => (close ? socket.end(GOOD_CLOSE) : socket.write(GOOD));
const ACTS = {
  good,
  closed: (socket) => socket.destroy(),
  reset: (socket) => socket.resetAndDestroy(),
  'cut-length': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello'),
  'cut-chunked': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
  'cut-until-close': (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'),
  503: (socket, close) =>
    socket[close ? 'end' : 'write']('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'),
  500: (socket, close) =>
    socket[close ? 'end' : 'write']('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n'),
  'wrong-body': (socket, close) => socket[close ? 'end' : 'write'](GOOD.replace('world', 'wurld')),
  stalled: () => undefined,
  turn(socket, close) {
    good(socket, close);
    // A client sends several requests in one go: the one whose turn is a few later is met by the end more often than
    // the very next.
    const next = [...resting][counts.acts.turn % TURNS_AHEAD];
    if (next === undefined) return;
    resting.delete(next);
    next.destroy();
  },
};

const counts = { requests: 0, acts: {} };
const left = Object.entries(faults).map(([kind, times]) => ({ kind, times }));
const share = Math.min(0.5, left.reduce((sum, { times }) => sum + times, 0) / planned / 0.97);
/** Kept-alive connections in the order in which they came to rest. */
const resting = new Set();
const stamps = stampRatePerSecond === undefined ? undefined : [];

function nextAct() {
  if ((counts.requests * GOLDEN_RATIO) % 1 >= share || left.length === 0) return 'good';
  const fault = left.shift();
  fault.times -= 1;
  if (fault.times > 0) left.push(fault);
  return fault.kind;
}

const server = createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.on('error', () => undefined);
  socket.on('close', () => resting.delete(socket));
  socket.on('data', (bytes) => {
    resting.delete(socket);
    text += bytes.toString('latin1');
    if (!text.endsWith('\r\n\r\n')) return;
    const close = /^connection: close/im.test(text);
    text = '';
    stamps?.push(performance.now());
    const act = nextAct();
    counts.requests += 1;
    counts.acts[act] = (counts.acts[act] ?? 0) + 1;
    ACTS[act](socket, close);
    if (!close && !socket.destroyed && socket.writable && act !== 'stalled') resting.add(socket);
  });
});

function behind() {
  const late = stamps.map((ms, index) => ms - (index * 1000) / stampRatePerSecond).sort((one, other) => one - other);
  const rank = (q) => (late[Math.max(0, Math.ceil(q * late.length) - 1)] ?? 0) - (late[0] ?? 0);
  return { p50Ms: rank(0.5), p99Ms: rank(0.99) };
}

process.on('SIGINT', () => undefined);
process.stdin.on('data', () =>
  console.log(JSON.stringify({ ...counts, ...(stamps === undefined ? {} : { behind: behind() }) })),
);
process.stdin.on('end', () => process.exit(0));
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  console.log(JSON.stringify({ port: server.address().port })),
);

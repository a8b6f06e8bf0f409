/**
 * One instance of a service that runs several times behind a front door. Each answer names its process in x-instance.
 *
 *   /            a short text
 *   /health      "ok" when it can serve (see WARM_MS and HEALTH)
 *   /slow?ms=300 a short text, after a while
 *   /busy?ms=300 the same, but nothing else is done meanwhile: a long calculation
 *   /upload      a short text, when the whole body has come
 *   /count       how often this visitor was here, by its cookie: in memory, or in the Redis at port STORE
 *
 * What goes wrong is asked for by the environment:
 *   WARM_MS=0      so long after it listens it answers / with 503, because caches and connection pools are not there
 *                  yet
 *   HEALTH=honest  /health says so meanwhile; `green`: it says "ok" from the first moment
 *   STOP=well      SIGTERM: takes no new connections, tells kept-alive ones to leave, ends what is under way;
 *                  `hasty`: ends at once
 *   FAIL=0         this share of the answers to / is a 500
 *   LAG_MS=0       answers to / take so much longer
 *   BROKEN=        when set, it ends with an error while it starts
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { drainOf } from '../node/drain.mjs';

const {
  PORT = '8080',
  WARM_MS = '0',
  HEALTH = 'honest',
  STOP = 'well',
  FAIL = '0',
  LAG_MS = '0',
  BROKEN = '',
  STORE = '',
} = process.env;
if (BROKEN !== '') {
  console.error(`cannot start: ${BROKEN}`);
  process.exit(1);
}

const INSTANCE = `${process.pid}-${Math.round(performance.timeOrigin)}`;
let warmAtMs = Infinity;
const isWarm = () => performance.now() >= warmAtMs;
/** Every n-th answer fails, so that the share is exact. */
let owed = 0;

const routes = {
  '/': async () => {
    if (!isWarm()) return [503, 'still warming up\n'];
    if (Number(LAG_MS) > 0) await delay(Number(LAG_MS));
    owed += Number(FAIL);
    if (owed < 1) return [200, 'hello\n'];
    owed -= 1;
    return [500, 'something went wrong\n'];
  },
  '/health': async () => (isWarm() || HEALTH === 'green' ? [200, 'ok\n'] : [503, 'not yet\n']),
  '/slow': async (query) => {
    await delay(Number(query.get('ms') ?? 300));
    return [200, 'slow hello\n'];
  },
  '/upload': async (_query, request) => {
    await new Promise((resolve) => request.resume().once('end', resolve));
    return [200, 'thank you\n'];
  },
  '/count': async (_query, request, response) => {
    const session = /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? randomUUID();
    response.setHeader('set-cookie', `session=${session}; Path=/; HttpOnly`);
    return [200, `${await countOf(session)}\n`];
  },
  '/busy': async (query) => {
    const endMs = performance.now() + Number(query.get('ms') ?? 300);
    while (performance.now() < endMs);
    return [200, 'busy hello\n'];
  },
};

const visits = new Map();

/** One more visit. */
async function countOf(session) {
  if (STORE !== '') return increment(`session:${session}`);
  visits.set(session, (visits.get(session) ?? 0) + 1);
  return visits.get(session);
}

/** INCR, in the protocol of Redis: one connection for one answer, which is `:` and the number. */
function increment(key) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(STORE), '127.0.0.1');
    socket.once('error', reject).once('data', (answer) => {
      resolve(Number(answer.toString().slice(1)));
      socket.destroy();
    });
    socket.write(`*2\r\n$4\r\nINCR\r\n$${key.length}\r\n${key}\r\n`);
  });
}

const server = http.createServer({ keepAliveTimeout: 65_000 }, async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const [status, text] = (await routes[pathname]?.(searchParams, request, response)) ?? [404, 'not found\n'];
  response.writeHead(status, {
    'content-type': 'text/plain',
    'content-length': Buffer.byteLength(text),
    'x-instance': INSTANCE,
  });
  response.end(text);
});
const drain = drainOf(server, 500);

process.once('SIGTERM', async () => {
  if (STOP === 'hasty') process.exit(0);
  drain.announce();
  drain.stopAccepting();
  await drain.emptied(60_000);
  process.exit(0);
});

server.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 }, () => {
  warmAtMs = performance.now() + Number(WARM_MS);
});

/**
 * The application that the three servers of this folder serve: plain routes, no dependencies.
 *
 *   /                        a short text
 *   /healthz                 "ok"
 *   /slow?ms=300             a short text, after a while
 *   /download?bytes=N&ms=M   N bytes, spread over M milliseconds
 *   /upload  (POST)          the length and SHA-256 of the body that was sent
 *   /events                  server-sent events, ten a second
 *   /count                   how often this visitor was here, kept in memory: a restart forgets it, and that is what
 *                            it is for
 *
 * Every answer names the process that gave it in its header x-instance.
 */
import { createHash, randomUUID } from 'node:crypto';

/** The pid alone is not enough: pids come again, and in a container it is always 1. */
export const INSTANCE = `${process.pid}-${Math.round(performance.timeOrigin)}`;

/** Returns the request handler, and what ends the streams that would otherwise stay open for ever. */
export function createApp() {
  const streams = new Set();
  const sessions = new Map();

  const routes = {
    '/': (request, response) => text(response, 'hello\n'),
    '/healthz': (request, response) => text(response, 'ok\n'),
    '/slow': (request, response, query) => {
      setTimeout(() => text(response, 'slow hello\n'), numberIn(query, 'ms', 300, 60_000));
    },
    '/download': (request, response, query) =>
      download(response, numberIn(query, 'bytes', 65_536, 1e8), numberIn(query, 'ms', 500, 60_000)),
    '/upload': (request, response) => {
      const hash = createHash('sha256');
      let bytes = 0;
      request.on('data', (chunk) => {
        hash.update(chunk);
        bytes += chunk.length;
      });
      request.on('end', () => text(response, `${bytes} ${hash.digest('hex')}\n`));
    },
    '/events': (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      let id = 0;
      const tick = setInterval(() => response.write(`id: ${id}\ndata: ${INSTANCE}\n\n`, () => id++), 100);
      streams.add(response);
      response.on('close', () => {
        clearInterval(tick);
        streams.delete(response);
      });
    },
    '/count': (request, response) => {
      const known = /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
      const session = sessions.has(known) ? known : randomUUID();
      sessions.set(session, (sessions.get(session) ?? 0) + 1);
      response.setHeader('set-cookie', `session=${session}; Path=/; HttpOnly`);
      text(response, `${sessions.get(session)}\n`);
    },
  };

  return {
    handle(request, response) {
      const { pathname, searchParams } = new URL(request.url, 'http://localhost');
      response.setHeader('x-instance', INSTANCE);
      const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
      if (route === undefined) text(response, 'not found\n', 404);
      else route(request, response, searchParams);
    },
    /** Ends each stream with its last chunk, so that its client knows that it was not cut, and connects again. */
    endStreams() {
      for (const response of streams) response.end();
    },
  };
}

function text(response, body, status = 200) {
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const PIECES = 20;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** `bytes` bytes of the alphabet, in twenty pieces: slow enough to be cut by a restart. */
function download(response, bytes, ms) {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes });
  let piece = 0;
  const next = () => {
    const from = Math.floor((bytes * piece) / PIECES);
    piece += 1;
    const to = Math.floor((bytes * piece) / PIECES);
    response.write(Buffer.alloc(to - from, ALPHABET.slice(from % 26) + ALPHABET.slice(0, from % 26)));
    if (piece === PIECES) response.end();
  };
  next();
  const timer = setInterval(() => (piece < PIECES ? next() : clearInterval(timer)), ms / PIECES);
  response.on('close', () => clearInterval(timer));
}

function numberIn(query, name, otherwise, most) {
  const value = Number(query.get(name) ?? otherwise);
  return Number.isFinite(value) && value >= 0 ? Math.min(value, most) : otherwise;
}

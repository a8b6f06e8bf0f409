/** The parser against itself, cut at every byte, and against undici's on the same bytes. */
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'undici';
import { HEAD_LIMIT_BYTES, ResponseParser } from '../../../src/traffic/http1/parser.ts';
import { SAMPLES, type Sample } from './corpus.ts';

interface Parsed {
  complete: boolean;
  status: number;
  body: string;
  illFormed: boolean;
  reusable: boolean;
  identity: string | undefined;
  taken: number;
}

/** Parses the pieces, then FIN. Each piece is put into one buffer that is overwritten, as on a connection. */
function parsed(pieces: Uint8Array[], toHead = false): Parsed {
  const received = new Uint8Array(100_000);
  let body = '';
  const parser = new ResponseParser(
    { take: (bytes, start, end) => void (body += Buffer.from(bytes.slice(start, end)).toString('latin1')) },
    'x-instance',
  );
  parser.begin(toHead);
  let taken = 0;
  for (const piece of pieces) {
    received.fill(0x78);
    received.set(piece);
    taken += parser.take(received, piece.length);
  }
  parser.end();
  const { complete, head, problem, reusable } = parser;
  const status = parser.headRead ? head.status : 0;
  return {
    complete,
    status,
    body: complete ? body : '',
    illFormed: problem !== undefined,
    reusable,
    identity: complete ? head.identity : undefined,
    taken: complete ? taken : 0,
  };
}

const bytesOf = (sample: Sample): Buffer => Buffer.from(sample.bytes, 'latin1');

describe('cut at every byte', () => {
  it.each(SAMPLES)('$name', (sample) => {
    const bytes = bytesOf(sample);
    const whole = parsed([bytes], sample.head);
    expect(
      parsed(
        [...bytes].map((byte) => Uint8Array.of(byte)),
        sample.head,
      ),
    ).toEqual(whole);
    const step = Math.max(1, Math.floor(bytes.length / 1000));
    for (let at = 0; at <= bytes.length; at += step) {
      expect(parsed([bytes.subarray(0, at), bytes.subarray(at)], sample.head)).toEqual(whole);
    }
  });
});

describe('against undici', () => {
  let server: Server;
  let origin: string;
  let answer: Buffer;

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    origin = `http://127.0.0.1:${address.port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each(SAMPLES)('$name', async (sample) => {
    answer = bytesOf(sample);
    const { complete, status, body } = parsed([answer], sample.head);
    const ours = complete ? { complete, status, body } : { complete };
    const theirs = await undiciParsed(origin, sample.head === true);
    if (sample.undici === undefined) expect(ours).toEqual(theirs);
    else expect(ours, 'undici agrees by now: remove the remark').not.toEqual(theirs);
  });
});

async function undiciParsed(
  origin: string,
  toHead: boolean,
): Promise<{ complete: boolean; status?: number; body?: string }> {
  const client = new Client(origin, { pipelining: 0, maxHeaderSize: HEAD_LIMIT_BYTES });
  try {
    const { statusCode, body } = await client.request({ method: toHead ? 'HEAD' : 'GET', path: '/' });
    return { complete: true, status: statusCode, body: Buffer.from(await body.arrayBuffer()).toString('latin1') };
  } catch {
    return { complete: false };
  } finally {
    await client.destroy();
  }
}

describe('what an answer says', () => {
  const said = (bytes: string, toHead = false): Parsed => parsed([Buffer.from(bytes, 'latin1')], toHead);
  const head = (...lines: string[]): string => [...lines, 'Content-Length: 0', '', ''].join('\r\n');

  it('tells whether the connection may be used again', () => {
    expect(said(head('HTTP/1.1 200 OK')).reusable).toBe(true);
    expect(said(head('HTTP/1.1 200 OK', 'Connection: foo, Close')).reusable).toBe(false);
    expect(said(head('HTTP/1.1 200 OK', 'Connection: foo,', ' close')).reusable).toBe(false);
    expect(said(head('HTTP/1.1 200 OK', 'Connection: closed')).reusable).toBe(true);
    expect(said(head('HTTP/1.0 200 OK')).reusable).toBe(false);
    expect(said(head('HTTP/1.0 200 OK', 'Connection: Keep-Alive')).reusable).toBe(true);
    expect(said('HTTP/1.1 200 OK\r\n\r\nhello').reusable).toBe(false);
    expect(said('HTTP/1.1 101 Switching Protocols\r\n\r\n').reusable).toBe(false);
  });

  it('forgets what an interim answer said', () => {
    const final = said(
      `HTTP/1.1 103 Early Hints\r\nConnection: close\r\nX-Instance: none\r\n\r\n${head('HTTP/1.1 200 OK')}`,
    );
    expect(final).toMatchObject({ status: 200, reusable: true, identity: undefined });
  });

  it('reads the identity, also a folded one', () => {
    expect(said(head('HTTP/1.1 200 OK', 'X-Instance: pid 42 ')).identity).toBe('pid 42');
    expect(said(head('HTTP/1.1 200 OK', 'x-instance: pid', '\t42')).identity).toBe('pid 42');
  });

  it('stops at the end of the answer', () => {
    const one = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
    expect(said(`${one}HTTP/1.1 200 OK`).taken).toBe(one.length);
  });

  it('says what is ill-formed in words', () => {
    const problem = (bytes: string): string | undefined => {
      const parser = new ResponseParser({ take: () => undefined });
      parser.begin(false);
      parser.take(Buffer.from(bytes, 'latin1'), bytes.length);
      return parser.problem;
    };
    expect(problem('SSH-2.0-OpenSSH\r\n')).toBe(
      'the answer does not begin with an HTTP/1.1 status line but with "SSH-2.0-OpenSSH"',
    );
    expect(problem('HTTP/1.1 200 OK\r\nno colon\r\n')).toBe('a header has no valid name: "no colon"');
    expect(problem('HTTP/1.1 200 OK\r\nContent-Length: x\r\n')).toBe('Content-Length is not a number: "x"');
    expect(problem('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n')).toBe(
      "a chunk's size is not a number",
    );
  });

  it('gives up on a head, a chunk size or trailers without an end', () => {
    const filler = 'x'.repeat(HEAD_LIMIT_BYTES);
    for (const beginning of [
      'HTTP/1.1 200 ',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n',
    ]) {
      expect(said(beginning + filler)).toMatchObject({ complete: false, illFormed: true });
    }
  });
});

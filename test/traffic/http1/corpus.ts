/**
 * Answers as bytes, well and ill formed, for holding the parser against itself (cut at every byte) and against
 * undici's.
 *
 * Rule: each is followed by FIN. `undici` says why undici's parser sees it in another way, where it does.
 */
export interface Sample {
  name: string;
  bytes: string;
  head?: boolean;
  undici?: string;
}

const length = (body: string): string => `Content-Length: ${body.length}\r\n\r\n${body}`;

export const SAMPLES: Sample[] = [
  { name: 'a length', bytes: `HTTP/1.1 200 OK\r\n${length('hello')}` },
  { name: 'an empty body', bytes: `HTTP/1.1 200 OK\r\n${length('')}` },
  { name: 'no reason', bytes: `HTTP/1.1 200\r\n${length('hello')}` },
  { name: 'an empty reason', bytes: `HTTP/1.1 200 \r\n${length('hello')}` },
  { name: 'a reason with bytes above ASCII', bytes: `HTTP/1.1 404 pas trouv\xe9\r\n${length('hello')}` },
  { name: 'HTTP/1.0', bytes: `HTTP/1.0 200 OK\r\n${length('hello')}` },
  { name: 'HTTP/1.0 with keep-alive', bytes: `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n${length('hello')}` },
  { name: 'connection: close', bytes: `HTTP/1.1 200 OK\r\nConnection: close\r\n${length('hello')}` },
  { name: 'close among other options', bytes: `HTTP/1.1 200 OK\r\nConnection: Foo,\tCLOSE ,bar\r\n${length('hello')}` },
  { name: 'an identity', bytes: `HTTP/1.1 200 OK\r\nX-Instance:  two \t\r\n${length('hello')}` },
  { name: 'names in capitals', bytes: 'HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 5\r\nX-INSTANCE: two\r\n\r\nhello' },
  {
    name: 'a folded header',
    bytes: `HTTP/1.1 200 OK\r\nX-Instance: two\r\n\t and more\r\n${length('hello')}`,
    undici: 'fails on every fold',
  },
  {
    name: 'a folded list of options',
    bytes: `HTTP/1.1 200 OK\r\nConnection: foo,\r\n close\r\n${length('hello')}`,
    undici: 'fails on every fold',
  },
  {
    name: 'a folded coding',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: \r\n chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    undici: 'fails on every fold',
  },
  { name: 'a fold before any header', bytes: `HTTP/1.1 200 OK\r\n folded\r\n${length('hello')}` },
  { name: 'an empty header', bytes: `HTTP/1.1 200 OK\r\nX-Empty:\r\n${length('hello')}` },
  {
    name: 'a large head',
    bytes: `HTTP/1.1 200 OK\r\n${'X-Large: '.padEnd(500, 'x').concat('\r\n').repeat(20)}${length('hello')}`,
  },
  { name: 'a head beyond the limit', bytes: `HTTP/1.1 200 OK\r\nX-Large: ${'x'.repeat(70_000)}\r\n${length('hello')}` },
  {
    name: '100, then 200',
    bytes: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${length('hello')}`,
    undici: 'fails on an interim answer that it did not ask for',
  },
  {
    name: '103 with a header, then 200',
    bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\n${length('hello')}`,
    undici: 'takes the options of the interim answer for those of the final one',
  },
  { name: '100, then nothing', bytes: 'HTTP/1.1 102 Processing\r\n\r\n' },
  {
    name: '204 with a length',
    bytes: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
    undici: 'misses the body that the answer must not have',
  },
  {
    name: '304 with a length',
    bytes: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    undici: 'misses the body that the answer must not have',
  },
  { name: 'HEAD with a length', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', head: true },
  { name: 'HEAD, chunked', bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', head: true },
  {
    name: 'chunks',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n',
  },
  {
    name: 'chunks with a large hexadecimal size',
    bytes: `HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n0001A\r\n${'x'.repeat(26)}\r\n0\r\n\r\n`,
  },
  {
    name: 'chunks with extensions',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b;c="d"\r\nhello\r\n0;e\r\n\r\n',
  },
  {
    name: 'chunks with trailers',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Two: 2\r\n\r\n',
  },
  {
    name: 'chunks that hold line ends',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n\r\n0\r\n\r\r\n0\r\n\r\n',
  },
  {
    name: 'several codings',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  },
  { name: 'a coding that is not chunked', bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello' },
  { name: 'no length', bytes: 'HTTP/1.1 200 OK\r\n\r\nhello' },
  { name: 'no length and no body', bytes: 'HTTP/1.1 200 OK\r\n\r\n' },
  { name: 'lines that end with LF', bytes: 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', undici: 'insists on CRLF' },
  { name: 'an empty line first', bytes: `\r\nHTTP/1.1 200 OK\r\n${length('hello')}` },

  { name: 'nothing', bytes: '' },
  { name: 'half a status line', bytes: 'HTTP/1.1 20' },
  { name: 'half a head', bytes: 'HTTP/1.1 200 OK\r\nContent-Le' },
  { name: 'half a body', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel' },
  { name: 'half a chunk', bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel' },
  { name: 'no last chunk', bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n' },
  { name: 'no end of the trailers', bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n' },
  { name: 'another protocol', bytes: 'SSH-2.0-OpenSSH_9.2\r\n' },
  { name: 'bytes of TLS', bytes: '\x15\x03\x01\x00\x02\x02\x46' },
  { name: 'HTTP/2', bytes: `HTTP/2.0 200 OK\r\n${length('hello')}`, undici: 'takes any version that it knows' },
  { name: 'a status of two digits', bytes: `HTTP/1.1 20 OK\r\n${length('hello')}` },
  { name: 'a status of four digits', bytes: `HTTP/1.1 2000 OK\r\n${length('hello')}` },
  { name: 'a header without a colon', bytes: `HTTP/1.1 200 OK\r\nno colon\r\n${length('hello')}` },
  { name: 'a header without a name', bytes: `HTTP/1.1 200 OK\r\n: value\r\n${length('hello')}` },
  { name: 'a blank before the colon', bytes: `HTTP/1.1 200 OK\r\nX-Blank : value\r\n${length('hello')}` },
  { name: 'a NUL in a header', bytes: `HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\n${length('hello')}` },
  { name: 'a lone CR in a header', bytes: `HTTP/1.1 200 OK\r\nX-Cr: a\rb\r\n${length('hello')}` },
  { name: 'a length that is no number', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello' },
  { name: 'a negative length', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello' },
  { name: 'a length beyond all bounds', bytes: `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\nhello` },
  { name: 'two lengths', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello' },
  {
    name: 'a length and chunks',
    bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  },
  {
    name: 'a chunk size that is no number',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n0\r\n\r\n',
  },
  { name: 'an empty chunk size', bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n' },
  {
    name: 'a chunk longer than its size',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n',
  },
];

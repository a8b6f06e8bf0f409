/** The bytes of a request. */
import { describe, expect, it } from 'vitest';
import { requestBytes } from '../../../src/traffic/http1/request.ts';

const text = (method: string, headers: Record<string, string>, body?: string, last = false): string =>
  requestBytes(
    { method, path: '/a?b=c', headers, expect: {}, ...(body === undefined ? {} : { body }) },
    'example.test:8080',
    last,
  ).toString();

describe('requestBytes', () => {
  it('adds what HTTP/1.1 asks for', () => {
    expect(text('GET', {})).toBe('GET /a?b=c HTTP/1.1\r\nHost: example.test:8080\r\nUser-Agent: zerodrop\r\n\r\n');
    expect(text('GET', {}, undefined, true)).toContain('\r\nConnection: close\r\n');
  });

  it('counts the bytes of a body, not its characters', () => {
    expect(text('POST', {}, 'grüße')).toMatch(/\r\nContent-Length: 7\r\n\r\ngrüße$/);
    expect(text('POST', {})).toContain('\r\nContent-Length: 0\r\n');
    expect(text('GET', {})).not.toContain('Content-Length');
  });

  it('leaves alone what the user wrote, in any case', () => {
    const request = text(
      'POST',
      { HOST: 'other', 'user-agent': 'mine', connection: 'keep-alive', 'content-length': '3' },
      'abc',
      true,
    );
    expect(request).toBe(
      'POST /a?b=c HTTP/1.1\r\nHOST: other\r\nuser-agent: mine\r\n' +
        'connection: keep-alive\r\ncontent-length: 3\r\n\r\nabc',
    );
  });
});

/** What a sentinel asks where its options leave it open: what the stream with its path asks. */
import { describe, expect, it } from 'vitest';
import type { Stream } from '../../src/model/scenario.ts';
import { sentinelRequestOf } from '../../src/traffic/sentinel-request.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const TOKEN = { authorization: 'Bearer t0ken' };
const create: Stream = {
  rate: 50,
  connection: 'new',
  connections: 32,
  path: '/items',
  method: 'POST',
  headers: { ...TOKEN, ...JSON_TYPE, Connection: 'close' },
  body: '{"n": 7}',
  expect: { status: 201 },
};
const list: Stream = { ...create, path: '/', method: 'GET', headers: {}, expect: { body: 'hello\n' } };
delete list.body;
const streams = [create, list];

describe('a sentinel', () => {
  it('asks as the first stream does, but for the headers of its connection', () => {
    const asked = { method: 'POST', path: '/items', headers: { ...TOKEN, ...JSON_TYPE }, body: '{"n": 7}' };
    expect(sentinelRequestOf('idle', {}, streams)).toEqual({ ...asked, expect: { status: 201 } });
    expect(sentinelRequestOf('upload', {}, streams)).toEqual({ ...asked, expect: { status: 201 } });
  });

  it('asks as the stream with its path does', () => {
    const asked = sentinelRequestOf('parked', { path: '/' }, streams);
    expect(asked).toEqual({ method: 'GET', path: '/', headers: {}, expect: { body: 'hello\n' } });
  });

  it('asks for a path of its own with GET, as a client that is allowed to', () => {
    const asked = sentinelRequestOf('in-flight', { path: '/slow' }, streams);
    expect(asked).toEqual({ method: 'GET', path: '/slow', headers: TOKEN, expect: {} });
  });

  it('asks what its options say', () => {
    const options = { path: '/x', method: 'PUT', headers: { a: 'b' }, body: 'c', expect: { status: 204 } };
    expect(sentinelRequestOf('idle', options, streams)).toEqual(options);
    expect(sentinelRequestOf('idle', { headers: TOKEN }, streams)).toMatchObject({
      method: 'POST',
      headers: TOKEN,
      body: '{"n": 7}',
    });
  });

  it('with another method has neither the body nor the answer of the stream', () => {
    const asked = sentinelRequestOf('idle', { method: 'GET' }, streams);
    expect(asked).toEqual({ method: 'GET', path: '/items', headers: TOKEN, expect: {} });
  });

  it.each(['download', 'events', 'websocket', 'session'] as const)('%s has a form of its own', (name) => {
    const asked = sentinelRequestOf(name, {}, streams);
    expect(asked).toMatchObject({ method: 'GET', path: '/items', expect: {} });
  });

  it('that uploads expects nothing of a stream that only reads', () => {
    expect(sentinelRequestOf('upload', { path: '/' }, streams)).toEqual({
      method: 'GET',
      path: '/',
      headers: {},
      expect: {},
    });
  });
});

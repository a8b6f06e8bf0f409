import { describe, expect, it } from 'vitest';
import { maskedScenario } from '../../../src/model/secrets/mask.ts';

describe('maskedScenario', () => {
  it('masks environment variables whose names look like secrets', () => {
    const environment = {
      DB_PASSWORD: 'a',
      apiKey: 'b',
      GITHUB_TOKEN: 'c',
      CLIENT_SECRET: 4,
      AWS_CREDENTIALS: true,
      MYSQL_PWD: 'd',
      PORT: '80',
      DRAIN_MS: 2000,
    };
    expect(maskedScenario({ target: { environment } })).toEqual({
      target: {
        environment: {
          DB_PASSWORD: '***',
          apiKey: '***',
          GITHUB_TOKEN: '***',
          CLIENT_SECRET: '***',
          AWS_CREDENTIALS: '***',
          MYSQL_PWD: '***',
          PORT: '80',
          DRAIN_MS: 2000,
        },
      },
    });
  });

  it('masks headers that carry secrets, in every arm', () => {
    const headers = {
      Authorization: 'Bearer a',
      cookie: 'b',
      'X-Api-Key': 'c',
      'proxy-authorization': 'd',
      Accept: 'text/plain',
    };
    expect(maskedScenario({ arms: { one: { traffic: { arrivals: { fresh: { headers } } } } } })).toEqual({
      arms: {
        one: {
          traffic: {
            arrivals: {
              fresh: {
                headers: {
                  Authorization: '***',
                  cookie: '***',
                  'X-Api-Key': '***',
                  'proxy-authorization': '***',
                  Accept: 'text/plain',
                },
              },
            },
          },
        },
      },
    });
  });

  it('masks the password of an address, and leaves everything else as it is', () => {
    const source = {
      name: 'x',
      target: { url: 'http://me:hush@127.0.0.1:1/', command: ['node', 'server.mjs'] },
      restart: { strategy: [{ sleep: '1s' }, 'ready'], count: 3 },
      until: null,
    };
    expect(maskedScenario(source)).toEqual({
      ...source,
      target: { ...source.target, url: 'http://me:***@127.0.0.1:1/' },
    });
    expect(source.target.url).toContain('hush');
  });

  it('can be applied twice', () => {
    const once = maskedScenario({ target: { environment: { TOKEN: 'a' }, url: 'http://a:b@c/' } });
    expect(maskedScenario(once)).toEqual(once);
  });
});

import { describe, expect, it } from 'vitest';
import { isSecretName } from '../../../src/model/secrets/names.ts';
import { maskOf } from '../../../src/model/secrets/mask.ts';
import { secretsIn } from '../../../src/model/secrets/values.ts';

const { text } = maskOf([]);
/** Put together here, so that no scanner takes this file for a leak. */
const joined = (...parts: string[]): string => parts.join('');
const LETTERS = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';

describe('a name', () => {
  it.each([
    'API_TOKEN',
    'apiKey',
    'dbPassword',
    'MYSQL_PWD',
    'SENTRY_DSN',
    'PRIVATE',
    'X-Csrf',
    'AUTH',
    'oauth2',
    'sessionId',
    'Set-Cookie',
    'GITHUBTOKEN',
    'authtoken',
    'SECRET_KEY_BASE',
    'KEY2',
    'creds',
    'AWSAccessKeyId',
    'X-Amz-Signature',
    'AWS_CREDENTIALS',
  ])('%s says that its value is a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    'keepalive',
    'monkey',
    'keyboard',
    'PATH',
    'PWD',
    'OLDPWD',
    'author',
    'bypass',
    'compass',
    'passenger',
    'XDG_SESSION_TYPE',
    'DESKTOP_SESSION',
    'PORT',
    'signal',
    'obsession',
    'donkey',
  ])('%s does not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('a secret is masked by its form', () => {
  it.each([
    ['python3 t.py --password=hush-1 --api-key hush-2', 'python3 t.py --password=*** --api-key ***'],
    ['--db postgres://u:hush@h/db and more', '--db postgres://u:***@h/db and more'],
    ['mongodb+srv://u:hu%40sh@h,u2:hush@h2/db', 'mongodb+srv://u:***@h2/db'],
    ['amqp://u:hu/sh@h', 'amqp://u:***@h'],
    ['redis://:hush@localhost:6379', 'redis://:***@localhost:6379'],
    ['https://hush-token@host/x', 'https://***@host/x'],
    ['GET /?access_token=hush&page=2&sig=hush', 'GET /?access_token=***&page=2&sig=***'],
    ['user=a&password=hush', 'user=a&password=***'],
    ['host=x password=hush dbname=y', 'host=x password=*** dbname=y'],
    ['Server=x;Pwd=hush;Database=y', 'Server=x;Pwd=***;Database=y'],
    ['{"user":"a","password":"hu\\"sh","n":1}', '{"user":"a","password":"***","n":1}'],
    ['{\\"password\\":\\"hush\\"}', '{\\"password\\":\\"***\\"}'],
    ["{'api_key': 'hush', 'b': 2}", "{'api_key': '***', 'b': 2}"],
    ['user[password]=hush', 'user[password]=***'],
    ['<password>hush</password>', '<password>***</password>'],
    ["curl -H 'Authorization: Bearer hush' -u me:hush http://x", "curl -H 'Authorization: ***' -u me:*** http://x"],
    ['Set-Cookie: sid=hush; Path=/', 'Set-Cookie: ***'],
    ['sent Bearer hush123 to it', 'sent Bearer *** to it'],
    ['foo: password=hush', 'foo: password=***'],
    ['PGPASSWORD=hush psql', 'PGPASSWORD=*** psql'],
    ['redis-server --requirepass hush', 'redis-server --requirepass ***'],
    [
      joined('-----BEGIN RSA PRIVATE', ' KEY-----\nhush\n-----END RSA PRIVATE', ' KEY-----'),
      '-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----',
    ],
  ])('%s', (given, shown) => {
    expect(text(given)).toBe(shown);
    expect(text(shown)).toBe(shown);
  });

  it.each([
    ['ghp_', LETTERS],
    ['github_pat_', LETTERS],
    ['glpat-', LETTERS],
    ['xoxb-', '123456789012-', LETTERS],
    ['AKIA', 'ABCDEFGHIJKLMNOP'],
    ['AIza', LETTERS],
    ['sk_live_', LETTERS],
    ['whsec_', LETTERS],
    ['npm_', LETTERS],
    ['pypi-', LETTERS],
    ['SG.', LETTERS, '.', LETTERS],
    ['eyJ', 'hbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxIn0', '.c2lnbmF0dXJl'],
  ])('a token that begins with %s', (...parts) => {
    expect(text(`got ${joined(...parts)}, refused`)).toBe('got ***, refused');
  });

  it.each([
    'Basic authentication is required',
    'the session: lost',
    'no key: found',
    'http://127.0.0.1:8080/a@b?next=/x',
    'ssh_key_file=/run/keys/id.pem',
    'node server.mjs --keepalive 5 --cert server.pem',
    'restart.strategy: expected a list',
    'git clone git+ssh://git@host/x',
    'docker run -u 1000:1000 image',
    'std::io::Error: Connection refused',
  ])('and prose is left alone: %s', (given) => {
    expect(text(given)).toBe(given);
  });
});

describe('a secret value is masked wherever it shows up', () => {
  const scenario = {
    target: {
      command: ['srv', '--token', 'hush-in-a-list', '--db', 'postgres://me:hush%40url@h/db'],
      environment: {
        DB_PASS: 'hush "quoted" pass',
        AUTH: 'Bearer hush-bearer',
        FILLED_SECRET: 'x-${PLAIN}',
        SHORT_KEY: 'abc',
        AUTH_MODE: 'required',
        SESSION_STORE: 'localhost',
        PEM: 'BEGIN\nhush-line-one\nhush-line-two',
      },
    },
    traffic: { arrivals: { a: { headers: { Cookie: 'sid=hush-sid; lang=en', 'X-Api-Key': 'hush-api' } } } },
  };
  const mask = maskOf(secretsIn(scenario, { INHERITED_TOKEN: 'hush-inherited', PLAIN: 'hush-plain', PWD: '/home/me' }));

  it.each([
    'hush-in-a-list',
    'hush%40url',
    'hush@url',
    'hush "quoted" pass',
    JSON.stringify('hush "quoted" pass'),
    encodeURIComponent('hush "quoted" pass'),
    'hush+%22quoted%22+pass',
    'hush-bearer',
    'hush-plain',
    'hush-line-two',
    'hush-sid',
    'hush-api',
    'hush-inherited',
  ])('%s', (secret) => {
    expect(mask.text(`it said "${secret}" and went on`)).not.toContain('hush');
  });

  it('in base64, wherever it stands in what is encoded', () => {
    for (const before of ['', 'a', 'ab', 'me:']) {
      const encoded = Buffer.from(`${before}hush-inherited and`).toString('base64');
      const shown = mask.text(`auth ${encoded}`);
      expect(shown, before).toContain('***');
      expect(Buffer.from(encoded.slice(0, 6), 'base64').toString()).not.toContain('hush-');
    }
  });

  it('cut short, as long lines are', () => {
    expect(mask.known('got "hush-inheri..." (text)')).toBe('got "hush-inheri..." (text)'.replace(/hush-inheri/, '***'));
  });

  it('but ordinary words stay readable', () => {
    const line = 'abc is required at localhost in /home/me';
    expect(mask.text(line)).toBe(line);
  });

  it('in lists of lines and in maps, but for the words that are ours', () => {
    expect(
      mask.value({ kind: 'hush-bearer', note: ['--token', 'hush', 'hush-bearer'], n: [1, 2] }, (key) => key === 'kind'),
    ).toEqual({
      kind: 'hush-bearer',
      note: ['--token', '***', '***'],
      n: [1, 2],
    });
  });
});

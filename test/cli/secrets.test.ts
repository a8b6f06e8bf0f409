/**
 * Secrets of a scenario, of its target and of the environment reach the target, and nothing that zerodrop writes or
 * prints.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sandbox, type Sandbox } from './zerodrop.ts';

let box: Sandbox;
beforeEach(() => {
  box = sandbox(['env', 'GITHUB_ACTIONS=true', 'GITHUB_STEP_SUMMARY=step.md', 'INHERITED_TOKEN=hush-inherited']);
});
afterEach(() => box.remove());

// Answers 401 without the right header, so that a masked header that was really sent would be seen.
const SERVER = `
const known = process.env.API_TOKEN === 'hush-variable' && process.env.STRIPE_KEY === 'hush-key';
for (const [name, value] of Object.entries(process.env)) if (/hush/.test(value)) console.error(name + ' is ' + value);
console.error(process.argv.slice(2).join(' | '));
process.on('SIGTERM', () => { console.error('refused: ' + process.env.DATABASE_URL + ' ' + process.env.API_TOKEN);
  process.exit(3); });
require('http').createServer((q, r) => {
  const right = known && q.headers.authorization === 'Bearer hush-header' &&
    q.headers.cookie === 'sid=hush-cookie' &&
    q.headers['x-api-key'] === 'hush-api';
  r.writeHead(right || q.url === '/healthz' ? 200 : 401).end('ok');
}).listen(process.env.PORT, '127.0.0.1')`;

it('are sent, and written nowhere', async () => {
  box.file('server.cjs', SERVER);
  box.file('s.yaml', {
    name: 'secretive',
    target: {
      command: 'node server.cjs --password=hush-option --api-key hush-word --db postgres://u:hush-in-url@h/db',
      environment: {
        API_TOKEN: 'hush-variable',
        STRIPE_KEY: 'hush-key',
        DATABASE_URL: 'postgres://u:hush%40database@h/db',
        CONNECTION: 'host=x password=hush-connection',
        SENTRY_DSN: 'https://hush-dsn@sentry.invalid/1',
      },
      healthcheck: { path: '/healthz' },
    },
    restart: {
      strategy: ['stop', { run: 'echo --token hush-step' }, 'start', 'ready'],
      count: 1,
      quiet: '200ms',
    },
    traffic: {
      arrivals: {
        fresh: {
          rate: '50/s',
          path: '/?access_token=hush-query',
          headers: { authorization: 'Bearer hush-header', Cookie: 'sid=hush-cookie', 'X-API-Key': 'hush-api' },
        },
      },
    },
    controls: { negative: 0 },
  });
  const { code, stdout, stderr } = await box.zerodrop('run', 's.yaml');
  expect(code).toBe(1);
  const [folder] = readdirSync(join(box.folder, 'reports/secretive'));
  const run = join(box.folder, 'reports/secretive', folder as string);
  const written = readdirSync(run).filter((name) => statSync(join(run, name)).isFile());
  expect(written).toEqual(
    expect.arrayContaining([
      'scenario.json',
      'events.ndjson.gz',
      'result.json',
      'report.html',
      'summary.md',
      'junit.xml',
      'metrics.prom',
    ]),
  );
  const texts = written.map((name) => {
    const bytes = readFileSync(join(run, name));
    return [name, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')] as const;
  });
  texts.push(
    ['step summary', readFileSync(join(box.folder, 'step.md'), 'utf8')],
    ['stdout', stdout],
    ['stderr', stderr],
  );
  for (const [name, text] of texts) expect(/.{0,40}hush.{0,20}/.exec(text)?.[0], name).toBeUndefined();
  const { arms, findings } = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as {
    arms: { requests: { failed: number; answered: number } }[];
    findings: { message: string }[];
  };
  expect(arms[0]?.requests.failed).toBe(0);
  expect(arms[0]?.requests.answered).toBeGreaterThan(0);
  expect(findings.map(({ message }) => message).join('\n')).toContain('refused: postgres://u:***@h/db ***');
  const modes = [run, ...written.map((name) => join(run, name))].map((path) =>
    (statSync(path).mode & 0o777).toString(8),
  );
  expect(modes).toEqual(['700', ...written.map(() => '600')]);
});

it('are not in the errors of a scenario, nor in the last lines of a target that never came up', async () => {
  box.file('server.cjs', 'console.error(process.env.API_TOKEN, process.env.INHERITED_TOKEN); process.exit(1)');
  const target = { command: 'node server.cjs', environment: { API_TOKEN: 'hush-variable' } };
  box.file('dies.yaml', { name: 'dies', target, restart: { strategy: 'stop-start', count: 1 } });
  const dies = await box.zerodrop('run', 'dies.yaml');
  expect(dies).toMatchObject({ code: 69, stderr: expect.stringContaining('*** ***') as string });
  box.file('bad.yaml', {
    name: 'bad',
    target: { ...target, stop_signal: 'hush-variable' },
    restart: { strategy: 'stop-start' },
  });
  const bad = await box.zerodrop('validate', 'bad.yaml');
  expect(bad).toMatchObject({ code: 64, stderr: expect.stringContaining('got "***"') as string });
  box.file('broken.yaml', 'target: {environment: {API_TOKEN: hush-a: hush-b}}');
  const broken = await box.zerodrop('validate', 'broken.yaml');
  expect(broken).toMatchObject({ code: 64, stderr: expect.stringContaining('API_TOKEN: ***') as string });
  for (const { stdout, stderr } of [dies, bad, broken]) expect(stdout + stderr).not.toContain('hush');
});

/** Secrets of a scenario and its target reach the target, and nothing that zerodrop writes or prints. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { sandbox } from './zerodrop.ts';

const box = sandbox(['env', 'GITHUB_ACTIONS=true', 'GITHUB_STEP_SUMMARY=step.md']);
afterEach(() => box.remove());

// Answers 401 without the right header, so that a masked header that was really sent would be seen.
const SERVER = `
const known = process.env.API_TOKEN === 'hush-variable' && process.env.STRIPE_KEY === 'hush-key';
require('http').createServer((q, r) => {
  const right = known && q.headers.authorization === 'Bearer hush-header' && q.headers.cookie === 'sid=hush-cookie' && q.headers['x-api-key'] === 'hush-api';
  r.writeHead(right || q.url === '/healthz' ? 200 : 401).end('ok');
}).listen(process.env.PORT, '127.0.0.1')`;

it('are sent, and written nowhere', async () => {
  box.file('server.cjs', SERVER);
  box.file('s.yaml', {
    name: 'secretive',
    target: {
      command: 'node server.cjs',
      environment: { API_TOKEN: 'hush-variable', STRIPE_KEY: 'hush-key' },
      healthcheck: { path: '/healthz' },
    },
    restart: { strategy: 'stop-start', count: 1, quiet: '200ms' },
    traffic: {
      arrivals: {
        fresh: {
          rate: '50/s',
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
  const { arms } = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as {
    arms: { requests: { failed: number; answered: number } }[];
  };
  expect(arms[0]?.requests.failed).toBe(0);
  expect(arms[0]?.requests.answered).toBeGreaterThan(0);
});

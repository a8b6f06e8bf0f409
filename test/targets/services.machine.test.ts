import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { Service } from '../../src/model/service.ts';
import { startServices, type RunningServices } from '../../src/targets/services.ts';
import { startWarden, type Warden } from '../../src/processes/warden.ts';
import { holders } from './process/stage.ts';

type Source = z.input<typeof Service>;

const ANSWERS = `require('http').createServer((q, r) => r.end(process.env.SAY ?? 'ok'))`;
const listening = (variable: string, more = '') => ({
  command: ['node', '-e', `${ANSWERS}.listen(process.env.${variable}, '127.0.0.1'); ${more}`],
});

let token = '';
let warden: Warden;
let deaths: string[] = [];

async function started(
  services: Record<string, Source>,
  aborted = new AbortController().signal,
): Promise<RunningServices> {
  token = randomBytes(8).toString('hex');
  deaths = [];
  warden = await startWarden(token);
  const parsed = Object.fromEntries(Object.entries(services).map(([name, source]) => [name, Service.parse(source)]));
  return startServices({
    services: parsed,
    token,
    warden,
    variables: { SCRATCH: '/nowhere' },
    died: (message) => void deaths.push(message),
    aborted,
  });
}
afterEach(async () => {
  await warden.close();
  expect(holders(token)).toEqual([]);
});

const textOf = async (port: string | undefined): Promise<string> => (await fetch(`http://127.0.0.1:${port}`)).text();

describe('services', () => {
  it('each have a port that all know, answer there once the start is done, and are gone afterwards', async () => {
    const { ports, close } = await started({
      'key-store': listening('KEY_STORE_PORT'),
      second: {
        ...listening('SECOND_PORT'),
        environment: { SAY: '${KEY_STORE_PORT} ${SCRATCH}' },
        healthcheck: { path: '/' },
      },
    });
    expect(Object.keys(ports)).toEqual(['KEY_STORE_PORT', 'SECOND_PORT']);
    expect(await textOf(ports['KEY_STORE_PORT'])).toBe('ok');
    expect(await textOf(ports['SECOND_PORT'])).toBe(`${ports['KEY_STORE_PORT']} /nowhere`);
    // Marked as of the run, but not as processes of its target.
    for (const name of ['key-store', 'second']) expect(holders(`ZERODROP_TOKEN=${token}.${name}\0`)).toHaveLength(1);
    expect(holders(`ZERODROP_TOKEN=${token}\0`)).toEqual([]);
    await close();
    expect(deaths).toEqual([]);
  });

  it('that start others end with them', async () => {
    const { close } = await started({
      store: listening(
        'STORE_PORT',
        `require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })`,
      ),
    });
    expect(holders(`${token}.store\0`).length).toBeGreaterThan(1);
    await close();
  });

  it('that end while they are needed are told', async () => {
    const { close } = await started({
      store: listening('STORE_PORT', `setTimeout(() => { console.log('out of memory'); process.exit(3); }, 300)`),
    });
    await expect.poll(() => deaths).toEqual(['The service store ended with exit code 3; it wrote: out of memory']);
    await close();
  });

  it('that end before they are healthy show their last output, and nothing of the others is left', async () => {
    await expect(
      started({ first: listening('FIRST_PORT'), second: { command: { shell: 'echo wrong option >&2; exit 1' } } }),
    ).rejects.toMatchObject({
      code: 'service-not-healthy',
      message: 'The service second ended with exit code 1 before it was healthy.',
      details: ['wrong option'],
    });
    expect(deaths).toEqual([]);
  });

  it('that never listen are named, with the variable to listen on', async () => {
    await expect(
      started({ store: { command: 'sleep 60', healthcheck: { start_period: '200ms' } } }),
    ).rejects.toMatchObject({
      code: 'service-not-healthy',
      message: expect.stringMatching(
        /^The service store was not healthy within 200ms on port \d+: ECONNREFUSED\.$/,
      ) as unknown,
      hint: expect.stringContaining('127.0.0.1:${STORE_PORT}') as unknown,
    });
  });

  it('whose program is missing are named', async () => {
    await expect(started({ store: { command: 'no-such-program' } })).rejects.toMatchObject({
      code: 'command-not-found',
      message: 'The service store: The program "no-such-program" is not on PATH.',
      hint: 'Install it, or correct services.store.command or services.store.working_dir.',
    });
  });
});

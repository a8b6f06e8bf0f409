/**
 * Damaged logs: flipped bits, cut files, lines lost, doubled or exchanged, and values of another shape or size.
 *
 * Rule: each is judged (what is left contradicts nothing) or refused as `damaged-run`; none is called a bug of ours.
 * ZERODROP_DAMAGED_LOGS=1000 tries more of them.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZerodropError } from '../../src/errors.ts';
import { openLog } from '../../src/log/write.ts';
import type { Event } from '../../src/model/event.ts';
import { maskOf } from '../../src/model/secrets/mask.ts';
import { LOG_FILE } from '../../src/run/folder.ts';
import { judgeRun } from '../../src/run/saved.ts';
import { logOf } from '../judge/log.ts';
import { randomOf, type Random } from '../random.ts';

const COUNT = Number(process.env['ZERODROP_DAMAGED_LOGS'] ?? 40);
const EXAMPLE = fileURLToPath(new URL('../golden/hasty-drain', import.meta.url));
const STRANGE = [null, -1, 1e308, 'x', [], {}, true, 0.5, 9007199254740993, '<script>', '__proto__'];

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerodrop-damaged-'));
  path = join(folder, LOG_FILE);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function written(events: readonly Event[]): Promise<Buffer> {
  const log = openLog(path, maskOf([]));
  for (const event of events) log.write(event);
  await log.close();
  return readFileSync(path);
}

/** The verdict, or the code of the error. Throws what is neither. */
async function endOf(log: Buffer): Promise<string> {
  writeFileSync(path, log);
  try {
    return (await judgeRun(folder, undefined, { png: false })).result.verdict;
  } catch (error) {
    if (error instanceof ZerodropError) return error.code;
    throw error;
  }
}

const linesOf = (log: Buffer): string[] => gunzipSync(log).toString().trimEnd().split('\n');
const logWith = (lines: readonly string[]): Buffer => gzipSync(lines.map((line) => `${line}\n`).join(''));
const withoutSeal = (log: Buffer): Buffer => logWith(linesOf(log).map((line) => line.replace(/,"seal":\{.*?\}/, '')));

describe('a damaged log', () => {
  it('whose seal is broken is refused, also when nothing in it is a contradiction', async () => {
    const log = await written(logOf({ restarts: 1 }));
    expect(await endOf(log)).toBe('pass');
    const lines = linesOf(log);
    expect(await endOf(logWith(lines.map((line) => line.replace('"seed":1', '"seed":2'))))).toBe('damaged-run');
    expect(await endOf(logWith([...lines, lines[1] as string]))).toBe('damaged-run');
  });

  it('without a seal is refused for a contradiction, which in a sealed one is a bug of ours', async () => {
    const events = logOf({ restarts: 1, fate: (_, seq) => (seq === 7 ? null : 1) });
    const log = await written(events);
    await expect(endOf(log)).rejects.toThrow('arrival 7 has no outcome');
    expect(await endOf(withoutSeal(log))).toBe('damaged-run');
  });

  it('that breaks off is judged up to its last whole line', async () => {
    const log = await written(logOf({ restarts: 2 }));
    const lines = linesOf(log).slice(0, -1);
    writeFileSync(path, gzipSync(`${lines.join('\n')}\n{"kind":"en`));
    const { result } = await judgeRun(folder, undefined, { png: false });
    expect(result).toMatchObject({ interrupted: true, arms: [{ confidence: { restarts: 2 } }] });
  });

  it.each([
    ['small, sealed', () => written(logOf({ restarts: 2 }))],
    ['small, without a seal', async () => withoutSeal(await written(logOf({ restarts: 2 })))],
    ['of a real run, without a seal', () => Promise.resolve(withoutSeal(readFileSync(join(EXAMPLE, LOG_FILE))))],
  ])(`is judged or refused, in each of ${COUNT} forms: %s`, { timeout: 3_600_000 }, async (_, make) => {
    const log = await make();
    const ends: Record<string, number> = {};
    for (let seed = 1; seed <= COUNT; seed += 1) {
      const end = await endOf(damagedBy(randomOf(seed), log)).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      ends[end] = (ends[end] ?? 0) + 1;
    }
    expect(Object.values(ends).reduce((sum, count) => sum + count)).toBe(COUNT);
    expect(ends['damaged-run']).toBeGreaterThan(COUNT / 10);
    if (COUNT > 500) console.log(JSON.stringify(ends));
  });
});

/** One kind of damage. */
function damagedBy(random: Random, log: Buffer): Buffer {
  const kind = random.below(6);
  if (kind === 0) {
    const bytes = Buffer.from(log);
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
    return bytes;
  }
  if (kind === 1) return log.subarray(0, random.below(log.length));
  const lines = linesOf(log);
  const at = random.below(lines.length);
  if (kind === 2) lines.splice(at, 1 + random.below(30));
  else if (kind === 3) lines.splice(random.below(lines.length), 0, lines[at] as string);
  else if (kind === 4) {
    const other = random.below(lines.length);
    [lines[at], lines[other]] = [lines[other] as string, lines[at] as string];
  } else {
    // Half of them in the first lines, where most kinds of events stand.
    const line = random.below(2) === 0 ? at : random.below(Math.min(20, lines.length));
    const event = JSON.parse(lines[line] as string) as object;
    changeSomething(event, random);
    lines[line] = JSON.stringify(event);
  }
  return logWith(lines);
}

/** Takes a field away somewhere in a value, or gives it another shape or size. */
function changeSomething(value: object, random: Random): void {
  const map = value as Record<string, unknown>;
  const key = random.oneOf(Object.keys(map));
  const inner = map[key];
  if (typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && random.below(10) < 7) {
    changeSomething(inner, random);
  } else if (random.below(4) === 0) Reflect.deleteProperty(map, key);
  else if (typeof inner === 'number' && random.below(2) === 0) map[key] = inner * random.oneOf([-1, 1e6, 1e300, 0]);
  else map[key] = random.oneOf(STRANGE);
}

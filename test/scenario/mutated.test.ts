/**
 * Scenarios with faults of every kind: fields lost, doubled, renamed, nested, of another shape or size, and lines or
 * characters of their text changed.
 *
 * Rule: each is accepted (and then written out and read back) or refused in words; none is called a bug of ours.
 * ZERODROP_MUTATED_SCENARIOS=3000 tries more of them.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ZerodropError } from '../../src/errors.ts';
import { maskedScenario } from '../../src/model/secrets/mask.ts';
import { loadScenario, scenarioOf } from '../../src/scenario/load.ts';
import { sourceOf } from '../../src/scenario/source.ts';
import { randomOf, type Random } from '../random.ts';

const COUNT = Number(process.env['ZERODROP_MUTATED_SCENARIOS'] ?? 100);
const SCENARIOS = fileURLToPath(new URL('../../scenarios', import.meta.url));
const texts = readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !file.includes('targets'))
  .sort()
  .map((file) => readFileSync(join(SCENARIOS, file), 'utf8'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerodrop-mutated-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a mutated scenario', () => {
  it(`is accepted or refused in words, in each of ${COUNT} forms`, { timeout: 3_600_000 }, async () => {
    expect(texts.length).toBeGreaterThan(10);
    const ends = { accepted: 0, refused: 0 };
    for (let seed = 1; seed <= COUNT; seed += 1) {
      const end = await endOf(randomOf(seed)).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      ends[end] += 1;
    }
    expect(ends.accepted).toBeGreaterThan(0);
    expect(ends.refused).toBeGreaterThan(COUNT / 4);
    if (COUNT > 500) console.log(JSON.stringify(ends));
  });
});

async function endOf(random: Random): Promise<'accepted' | 'refused'> {
  const text = random.oneOf(texts);
  const file = join(folder, 'scenario.yaml');
  if (random.below(3) === 0) writeFileSync(file, mutatedText(text, random));
  else {
    const source = parse(text, { merge: true }) as Record<string, unknown>;
    // The folders of the scenarios are not there.
    const { target } = source as { target?: Record<string, unknown> };
    if (target !== undefined) Reflect.deleteProperty(target, 'working_dir');
    for (let times = 1 + random.below(3); times > 0; times -= 1) mutate(source, random);
    writeFileSync(file, stringify(source));
  }
  try {
    const scenario = await loadScenario(file);
    const source = sourceOf(scenario);
    expect(scenarioOf(source, { folder })).toEqual(scenario);
    scenarioOf(maskedScenario(source), { folder });
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ZerodropError)) throw error;
    expect(error.exitCode).toBe(64);
    expect(error.message).not.toBe('');
    return 'refused';
  }
}

const STRANGE: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  'x',
  '10',
  '99999999999s',
  '1/s',
  '${PORT',
  '${matrix.x}',
  '__proto__',
  [[]],
  'x'.repeat(10_000),
  '\u0000\u202e',
  '::error::x',
];

/** One change somewhere in a map or list. */
function mutate(value: object, random: Random): void {
  const map = value as Record<string, unknown>;
  const keys = Object.keys(map);
  if (keys.length === 0) return;
  const key = random.oneOf(keys);
  const inner = map[key];
  if (typeof inner === 'object' && inner !== null && random.below(10) < 6) {
    mutate(inner, random);
    return;
  }
  const kind = random.below(6);
  if (kind === 0) Reflect.deleteProperty(map, key);
  else if (kind === 1) map[key] = [inner, inner];
  else if (kind === 2) map[key] = { [key]: inner };
  else if (kind === 3) {
    map[random.oneOf(['constructor', '__proto__', `${key}s`, key.slice(1), key.toUpperCase(), 'toString'])] = inner;
  } else if (kind === 4) map[key] = nested(inner, 1 + random.below(60));
  else map[key] = random.oneOf(STRANGE);
}

function nested(value: unknown, depth: number): unknown {
  return depth === 0 ? value : { a: nested(value, depth - 1) };
}

/** The text with some of its lines and characters changed. */
function mutatedText(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const kind = random.below(5);
  if (kind === 0) lines.splice(at, 1 + random.below(3));
  else if (kind === 1) lines.splice(random.below(lines.length), 0, lines[at] as string);
  else if (kind === 2) lines[at] = `${' '.repeat(random.below(5))}${(lines[at] as string).trim()}`;
  else {
    const characters = Array.from(text);
    for (let times = 1 + random.below(5); times > 0; times -= 1) {
      characters[random.below(characters.length)] = random.oneOf(Array.from(':{}[]&*!|>%@"\'#-?,\t\n\u0000 \ufeff'));
    }
    return characters.join('');
  }
  return lines.join('\n');
}

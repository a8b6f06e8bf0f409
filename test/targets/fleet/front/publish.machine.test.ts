import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { publisherOf } from '../../../../src/targets/fleet/front/publish.ts';

/**
 * Reads without a pause until its input ends; then says how many reads it made, how many texts it met, and how many
 * reads met half a text.
 */
const READER = `
  const { readFileSync } = require('node:fs');
  let [reads, halves] = [0, 0];
  const texts = new Set();
  const look = () => {
    const text = readFileSync(process.argv[1], 'utf8');
    const [, number] = /^begin (\\d+)\\n(?:x*\\n)end\\n$/.exec(text) ?? [];
    reads += 1;
    if (number === undefined) halves += 1;
    texts.add(number);
    setImmediate(look);
  };
  process.stdin.on('end', () => { console.log(JSON.stringify({ reads, halves, texts: texts.size }));
    process.exit(0); }).resume();
  look();
  console.log('reading');
`;
const textOf = (number: number): string => `begin ${number}\n${'x'.repeat(200_000)}\nend\n`;

it('is read as a whole at any moment, and nobody waits for it', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-publish-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'door.conf');
  const publish = publisherOf(path);
  publish(textOf(0));
  const reader = spawn(process.execPath, ['-e', READER, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  reader.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(reader.stdout, 'data');
  for (let number = 1; number <= 300; number += 1) {
    publish(textOf(number));
    await new Promise((resolve) => setImmediate(resolve));
  }
  reader.stdin.end();
  await once(reader, 'close');
  const seen = JSON.parse(said.split('\n')[1] ?? '') as { reads: number; halves: number; texts: number };
  expect(seen.halves).toBe(0);
  expect(seen.texts).toBeGreaterThan(2);
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe(textOf(300));
});

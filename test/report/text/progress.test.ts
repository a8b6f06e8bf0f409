import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openProgress } from '../../../src/report/text/progress.ts';

function screen(): { stream: Writable; text: () => string } {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => written.join('') };
}

const totals = (answered: number, lost = 0): { answered: number; lost: number; raced: number; other: number } => ({
  answered,
  lost,
  raced: 0,
  other: 0,
});

describe('progress', () => {
  it('writes a line every few seconds where there is no terminal', () => {
    const { stream, text } = screen();
    let atMs = 0;
    const progress = openProgress({ stream, now: () => atMs });
    progress.plan(10);
    progress.arm('handoff', 1, 3);
    for (let restart = 0; restart < 4; restart += 1) {
      progress.restart(restart, 4);
      for (let tick = 0; tick < 10; tick += 1) {
        atMs += 300;
        progress.tick(totals(atMs / 2, restart));
      }
    }
    progress.stop();
    const lines = text().trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('turn 2 of 3: handoff  starting  0 lost');
    expect(lines[1]).toBe('turn 2 of 3: handoff  restart 2 of 4  500 answers/s  1 lost  about 25 s left');
  });

  it('rewrites its line on a terminal', () => {
    const { stream, text } = screen();
    let atMs = 0;
    const progress = openProgress({ stream, isTTY: true, color: false, now: () => atMs });
    progress.arm('a\u001b[2Jb', 0, 1);
    progress.restart(0, 2);
    atMs += 1200;
    progress.tick(totals(600));
    progress.say('a line that stays');
    progress.stop();
    progress.stop();
    expect(text()).toContain('a\\x1b[2Jb');
    expect(text()).toContain('restart 1 of 2  500 answers/s');
    expect(text()).toContain('a line that stays\n');
  });

  it('says no rate of a batch, and a time left that only shrinks', () => {
    const { stream, text } = screen();
    let atMs = 0;
    const progress = openProgress({ stream, isTTY: true, color: false, now: () => atMs });
    progress.plan(4);
    progress.arm('a', 0, 1);
    let answered = 0;
    // 100 answers a second, reported twice a second in two batches that follow at once; ever longer restarts.
    for (let restart = 0; restart < 4; restart += 1) {
      progress.restart(restart, 4);
      for (let batch = 0; batch < 6 * (restart + 1); batch += 1) {
        atMs += 499;
        progress.tick(totals((answered += 49)));
        atMs += 1;
        progress.tick({ ...totals((answered += 1)), other: 3 });
      }
    }
    progress.stop();
    const rates = [...text().matchAll(/([\d,]+) answers\/s/g)].map(([, rate]) => Number(rate?.replace(',', '')));
    expect(rates.length).toBeGreaterThan(10);
    expect(Math.max(...rates)).toBeLessThan(110);
    expect(Math.min(...rates)).toBeGreaterThan(90);
    const left = [...text().matchAll(/about (?:(\d+)(?:\.0)? s|(\d+) min) left/g)].map(([, s]) => Number(s));
    expect(left.length).toBeGreaterThan(5);
    expect(left).toEqual(left.toSorted((one, other) => other - one));
    expect(text()).toContain('nearly done');
    expect(text()).not.toContain('about 0 ms');
    expect(text()).toContain('3 rejected, failed or unsent');
  });

  it('says nothing when quiet', () => {
    const { stream, text } = screen();
    const progress = openProgress({ stream, quiet: true });
    progress.arm('a', 0, 1);
    progress.tick(totals(1));
    progress.say('b');
    progress.stop();
    expect(text()).toBe('');
  });
});

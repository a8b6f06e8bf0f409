import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZerodropError } from '../../src/errors.ts';
import { cannotWrite } from '../../src/errors.ts';
import { writeReports, writeWhole } from '../../src/report/write.ts';
import { recordedJudgement } from './recorded.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerodrop-report-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('writeReports', () => {
  it('writes the files that the contract names, and nothing else', async () => {
    const judgement = recordedJudgement();
    const paths = await writeReports(judgement, folder);
    expect(readdirSync(folder).sort()).toEqual([
      'junit.xml',
      'metrics.prom',
      'overlay.png',
      'report.html',
      'result.json',
      'summary.md',
      'timeline.png',
    ]);
    expect(JSON.parse(readFileSync(paths.result, 'utf8'))).toEqual(JSON.parse(JSON.stringify(judgement.result)));
  });

  it('writes over what a judgement before it wrote, and leaves the picture out when asked', async () => {
    writeFileSync(join(folder, 'result.json'), 'old');
    const paths = await writeReports(recordedJudgement(), folder, { png: false });
    expect([paths.png, paths.overlayPng, paths.comparisonPng]).toEqual([null, null, null]);
    expect(readdirSync(folder).sort()).toEqual([
      'junit.xml',
      'metrics.prom',
      'report.html',
      'result.json',
      'summary.md',
    ]);
    expect(readFileSync(paths.result, 'utf8')).toContain('zerodrop/result/1');
  });

  it('says in words why a folder cannot be written to, and leaves nothing behind', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const error = await errorOf(writeReports(recordedJudgement(), file));
    expect(error).toBeInstanceOf(ZerodropError);
    expect(error).toMatchObject({ code: 'cannot-write', exitCode: 64 });
    expect((error as ZerodropError).message).toBe(
      `${join(file, 'result.json')} cannot be written: a part of the path is a file, not a folder (ENOTDIR)`,
    );
    expect((error as ZerodropError).hint).toContain('--out-dir');
    expect(readdirSync(folder)).toEqual(['a-file']);
    expect(await errorOf(writeReports(recordedJudgement(), join(folder, 'missing')))).toMatchObject({
      code: 'cannot-write',
    });
  });

  it('removes what it had written beside a place that it cannot take', async () => {
    await writeReports(recordedJudgement(), folder, { png: false });
    rmSync(join(folder, 'junit.xml'));
    const taken = join(folder, 'taken');
    await writeWhole(join(folder, 'x'), 'x');
    rmSync(join(folder, 'x'));
    expect(await errorOf(writeWhole(join(taken, 'y'), 'y'))).toMatchObject({ code: 'cannot-write' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('cannotWrite', () => {
  it('knows a full disk', () => {
    const full = (() => {
      try {
        writeFileSync('/dev/full', 'x');
      } catch (error) {
        return error;
      }
      throw new Error('/dev/full took a byte');
    })();
    expect(cannotWrite('reports/x/result.json', full)).toMatchObject({
      code: 'cannot-write',
      message: 'reports/x/result.json cannot be written: the disk is full (ENOSPC)',
    });
  });

  it('passes on what did not come from the file system', () => {
    const bug = new TypeError('x is not a function');
    expect(cannotWrite('a', bug)).toBe(bug);
  });
});

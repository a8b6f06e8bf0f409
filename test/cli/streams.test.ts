/** Exit codes hold when nobody can read the output, and when hardly a file can be opened. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { entryPath } from '../../src/model/entry.ts';

const code = (script: string): number | null =>
  spawnSync('/bin/bash', ['-c', script, 'bash', process.execPath, entryPath('cli')], { stdio: 'ignore' }).status;

describe('the exit code', () => {
  it.each([
    ['stdout is full', '"$@" strategies > /dev/full', 0],
    ['stderr is full', '"$@" nonsense 2> /dev/full', 64],
    ['both are closed', '"$@" nonsense >&- 2>&-', 64],
    ['the reader of stdout has gone', '"$@" strategies | true; exit ${PIPESTATUS[0]}', 0],
    ['the reader of stderr has gone', '"$@" nonsense 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}', 64],
    ['the limit of descriptors is low', 'ulimit -n 64; "$@" strategies', 64],
  ])('holds when %s', (_, script, expected) => {
    expect(code(script)).toBe(expected);
  });
});

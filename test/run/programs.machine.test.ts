import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sandbox, type Sandbox } from '../cli/zerodrop.ts';

const ABSENT = 'no-such-program-anywhere';
let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(() => box.remove());

const scenario = (needs: string[]): object => ({
  name: 'needy',
  needs,
  target: { build: `${ABSENT} build -o bin/ .`, command: ['node', '-e', ''] },
  restart: { strategy: 'stop-start' },
});

describe('a program that a scenario needs', () => {
  it('is missed before anything begins, with what it is for and what to do', async () => {
    const { code, stderr } = await box.zerodrop('run', box.file('needy.yaml', scenario(['node', ABSENT])));
    expect(stderr).toBe(
      `zerodrop: needy needs ${ABSENT}, which is not on PATH\n  ${ABSENT}: for target.build (${ABSENT} build -o ` +
        `bin/ .)\n  → Install it, or add the folder that holds it to PATH, and run again.\n`,
    );
    expect(code).toBe(69);
    expect(existsSync(join(box.folder, 'reports'))).toBe(false);
  });

  it('is missed before the scenarios that stand before it begin', async () => {
    const first = box.file('first.yaml', {
      name: 'first',
      target: { command: ['node', '-e', 'require("fs").writeFileSync("started", "")'] },
      restart: { strategy: 'stop-start' },
    });
    const { code } = await box.zerodrop('run', first, box.file('needy.yaml', scenario([ABSENT])));
    expect(code).toBe(69);
    expect(existsSync(join(box.folder, 'started'))).toBe(false);
  });

  it('is not needed to check the scenario', async () => {
    expect(await box.zerodrop('validate', box.file('needy.yaml', scenario([ABSENT])))).toMatchObject({ code: 0 });
  });
});

/**
 * The scenario for kubectl, run against a stub of kubectl: the words of its command are right, and a restart behind it
 * is proven.
 */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, it, onTestFinished } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import { sandbox } from '../cli/zerodrop.ts';
import { endAll, startTarget } from './client.ts';

const FILE = new URL('../../scenarios/attach/kubectl.yaml', import.meta.url);

it('kubectl rollout restart is proven by the identity', async () => {
  const target = await startTarget('handoff.mjs');
  onTestFinished(endAll);
  // What the real one does with a Deployment, the stub does with one process that replaces itself.
  const box = sandbox(['/bin/sh', '-c', 'PATH="$PWD:$PATH"; exec "$@"', 'sh']);
  onTestFinished(() => {
    box.remove();
  });
  const stub = box.file(
    'kubectl',
    '#!/bin/sh\necho "$*" >> asked\n[ "$2" = restart ] && kill -USR2 $(cat pid)\n[ "$2" = status ] && sleep 1\n' +
      'exit 0\n',
  );
  chmodSync(stub, 0o755);
  box.file('pid', String(target.child.pid));
  const scenario = parse(readFileSync(FILE, 'utf8')) as { target: object };
  const file = box.file('kubectl.yaml', {
    ...scenario,
    target: { ...scenario.target, url: `http://127.0.0.1:${target.port}` },
  });
  await box.zerodrop('run', file, '--restarts', '1', '--no-controls', '--json', 'result.json', '--quiet');
  const { arms } = JSON.parse(readFileSync(join(box.folder, 'result.json'), 'utf8')) as Result;
  expect(arms[0]?.restarts).toMatchObject([{ proven: true, completed: true }]);
  expect(readFileSync(join(box.folder, 'asked'), 'utf8').trim().split('\n')).toEqual([
    'rollout restart deployment/api',
    'rollout status deployment/api --timeout=4m',
  ]);
});

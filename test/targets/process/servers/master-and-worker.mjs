// A master that serves through a worker, which does not notice when its master dies.
import { fork } from 'node:child_process';

const POD = new URL('../../../../scenarios/targets/fleet/pod.mjs', import.meta.url);
const worker = fork(POD);
worker.once('exit', (code) => process.exit(code ?? 1));
process.once('SIGTERM', () => worker.kill('SIGTERM'));

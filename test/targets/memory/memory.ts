/**
 * A target without a process: its instances are values, and one HTTP server answers for whichever of them serves.
 *
 * Rule: as a real one, it keeps every connection until the request on it is answered, and breaks those that come while
 * no instance serves.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StepFailure, type Serving } from '../../../src/model/control.ts';
import type { InstanceId } from '../../../src/model/instance-id.ts';
import type { RunningTarget, TargetOptions } from '../../../src/targets/target.ts';

/** One instance; its lane is its number. */
interface Instance {
  lane: number;
  id: InstanceId;
}

export async function openMemory({ chronicle }: TargetOptions): Promise<RunningTarget> {
  const server = createServer((_request, response) => {
    if (serving.length === 0) response.destroy();
    else response.end('fine');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let serving: Instance[] = [];
  let old: Instance | undefined;
  let lanes = 0;
  const tell = ({ lane, id }: Instance, state: 'started' | 'ready' | 'gone'): void =>
    chronicle.instance({ instance: lane, state, atMs: chronicle.nowMs(), id });
  const start = (): Promise<void> => {
    const instance = { lane: lanes, id: { key: `number ${lanes}`, label: `number ${lanes}` } };
    lanes += 1;
    tell(instance, 'started');
    serving = [...serving, instance];
    tell(instance, 'ready');
    return Promise.resolve();
  };
  const end = (): void => {
    if (old === undefined) return;
    serving = serving.filter((instance) => instance !== old);
    tell(old, 'gone');
    chronicle.moment('gone');
    old = undefined;
  };
  const seen = (): Promise<Serving> => Promise.resolve({ instances: serving.map(({ id }) => id), identities: [] });
  const unsuitable = (): Promise<never> =>
    Promise.reject(new StepFailure('There is no process.', 'Use start and stop.'));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    endsByInstance: false,
    died: new Promise(() => undefined),
    startFirst: start,
    begin() {
      old = serving.at(-1);
      return seen();
    },
    start,
    ready() {
      chronicle.moment('ready');
      return Promise.resolve();
    },
    stop() {
      end();
      return Promise.resolve({ by: 'code', code: 0, forced: false });
    },
    kill: () => Promise.resolve(end()),
    exited: () => Promise.resolve(),
    replaced: () => Promise.resolve(),
    recycled: unsuitable,
    signal: unsuitable,
    freeze: unsuitable,
    run: unsuitable,
    route: unsuitable,
    rollout: unsuitable,
    analyse: unsuitable,
    serving: seen,
    sample: () => undefined,
    leftovers: () => [],
    zombies: () => [],
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      return { leftovers: [], forced: false };
    },
  };
}

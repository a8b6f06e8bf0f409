/**
 * The lab's API server as seen from the network of the tests, by way of a relay whose connections can be cut.
 *
 * Rule: its certificate is checked as ever; only the port is another one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lab } from './lab.ts';

const RELAY = fileURLToPath(new URL('relay.mjs', import.meta.url));

export interface Api {
  /** A kubeconfig that leads here. */
  kubeconfig: string;
  /** Resets all connections, and new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openApi(lab: Lab): Promise<Api> {
  const path = join(lab.run, 'relay.sock');
  const [program, ...words] = lab.inside;
  const relay = spawn(program as string, [...words, process.execPath, RELAY, path, '10.200.0.1', '6443'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(relay.stdout, 'data');

  const clients = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return client.resetAndDestroy();
    clients.add(client);
    const upstream = connect(path);
    client.pipe(upstream).pipe(client);
    client
      .on('error', () => undefined)
      .on('close', () => {
        clients.delete(client);
        upstream.destroy();
      });
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(lab.run, 'relayed.kubeconfig');
  writeFileSync(
    kubeconfig,
    readFileSync(lab.kubeconfig, 'utf8').replace('https://10.200.0.1:6443', `https://127.0.0.1:${port}`),
  );
  return {
    kubeconfig,
    cut() {
      isCut = true;
      for (const client of clients) client.resetAndDestroy();
    },
    mend() {
      isCut = false;
    },
    async close() {
      for (const client of clients) client.destroy();
      server.close();
      const ended = once(relay, 'exit');
      relay.kill();
      await ended;
    },
  };
}

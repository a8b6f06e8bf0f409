/** The ports that a process listens on, as the kernel shows them. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openedBy } from '../../src/processes/opened.ts';
import { processOf, type ProcessStat } from '../../src/processes/proc.ts';

describe.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['::1', '[::1]'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
])('a server at %s', (address, host) => {
  it(`is found, and is reached at ${host}`, async () => {
    const server = createServer().listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const own = processOf(process.pid) as ProcessStat;
    expect(openedBy([own]).filter((opened) => opened.port === port)).toMatchObject([{ host, port }]);
    expect(openedBy([])).toEqual([]);
    server.close();
    await once(server, 'close');
    expect(openedBy([own]).filter((opened) => opened.port === port)).toEqual([]);
  });
});

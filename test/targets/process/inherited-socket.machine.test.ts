import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { openInheritedSocket, withListenPid } from '../../../src/targets/process/inherited-socket.ts';
import { freePort } from '../../../src/processes/port.ts';

describe('the inherited socket', () => {
  it('listens, queues connections, and accepts none of them', async () => {
    const port = await freePort('127.0.0.1');
    const socket = await openInheritedSocket('127.0.0.1', port);
    const clients = Array.from({ length: 20 }, () => net.connect(port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    // The second column of a listening socket's queues is how many connections wait to be accepted.
    const line = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .find((row) => row.includes(`:${port.toString(16).toUpperCase()} 00000000:0000 0A`));
    expect(Number.parseInt(line?.trim().split(/\s+/)[4]?.split(':')[1] ?? '', 16)).toBe(20);
    const flags = Number.parseInt(
      /flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${socket.fd}`, 'utf8'))?.[1] ?? '',
      8,
    );
    expect(flags & 0o4000).toBe(0);
    const closed = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
    socket.close();
    await Promise.all(closed);
    const late = net.connect(port, '127.0.0.1');
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('says that an address is not to be had', async () => {
    await expect(openInheritedSocket('192.0.2.1', 8080)).rejects.toMatchObject({ code: 'port-taken' });
  });

  it('keeps arguments as they are behind the shell that sets LISTEN_PID', () => {
    expect(withListenPid({ file: 'server', args: ['a b', '$HOME'] }).args.slice(-3)).toEqual([
      'server',
      'a b',
      '$HOME',
    ]);
  });
});

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFront } from '../../../../src/targets/fleet/front/front.ts';
import { FrontOptions } from '../../../../src/model/fleet.ts';
import type { Backend, FrontDoor } from '../../../../src/model/front.ts';
import { freePort } from '../../../../src/processes/port.ts';

async function openDoor(options: Parameters<typeof FrontOptions.parse>[0] = {}): Promise<FrontDoor> {
  const door = await openFront({ host: '127.0.0.1', port: await freePort('127.0.0.1') }, FrontOptions.parse(options));
  onTestFinished(() => door.close());
  return door;
}

/** A backend that does with each connection what it is told to. */
async function backend(
  name: string,
  handle: (socket: Socket) => void,
): Promise<Backend & { server: Server; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    name,
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    weight: 1,
    server,
    connections: () => connections,
  };
}

const table = (...backends: Backend[]): Backend[] =>
  backends.map(({ name, host, port, weight }) => ({ name, host, port, weight }));
const says =
  (word: string) =>
  (socket: Socket): void =>
    void socket.end(word);

const HALF = 'half an answer';

interface Ending {
  text: string;
  by: 'fin' | 'rst';
}

/** Connects, sends `text`, and reads until the end. */
function met({ origin }: FrontDoor, text = 'x', end = false): Promise<Ending> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(origin).port), allowHalfOpen: true });
    let read = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      read += chunk;
      // Asks for the rest: what was read so far can no longer be seen together with the end.
      if (read === HALF) socket.write('y');
    });
    socket.on('end', () => {
      resolve({ text: read, by: 'fin' });
      socket.destroy();
    });
    socket.on('error', () => {
      resolve({ text: read, by: 'rst' });
    });
    if (end) socket.end(text);
    else socket.write(text);
  });
}

describe('the embedded front door', () => {
  it('spreads connections exactly by weight, and drops none', async () => {
    const door = await openDoor();
    const [one, two] = [await backend('a', says('a')), await backend('b', says('b'))];
    await door.route(table({ ...one, weight: 9 }, { ...two, weight: 1 }));
    const answers = await Promise.all(Array.from({ length: 200 }, () => met(door)));
    expect(answers.filter(({ text, by }) => by === 'fin' && text !== '')).toHaveLength(200);
    expect([one.connections(), two.connections()]).toEqual([180, 20]);
    expect((await door.counts()).map(({ name, chosen, refused }) => ({ name, chosen, refused }))).toEqual([
      { name: 'a', chosen: 180, refused: 0 },
      { name: 'b', chosen: 20, refused: 0 },
    ]);
  });

  it('loses nothing while its table changes all the time', async () => {
    const door = await openDoor();
    const backends = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => backend(name, (socket) => void setTimeout(() => socket.end(name), 5))),
    );
    await door.route(table(...backends));
    const answers: Promise<Ending>[] = [];
    for (let round = 0; round < 40; round += 1) {
      for (let count = 0; count < 10; count += 1) answers.push(met(door));
      await door.route(table(...backends.filter((_, at) => at !== round % 4)));
    }
    const endings = await Promise.all(answers);
    expect(endings.filter(({ by, text }) => by === 'fin' && text.length === 1)).toHaveLength(400);
    expect(backends.reduce((sum, { connections }) => sum + connections(), 0)).toBe(400);
  });

  it('keeps a connection whose instance has left the table', async () => {
    const door = await openDoor();
    const [one, two] = [
      await backend('a', (socket) => void socket.on('data', (chunk) => socket.write(`a${String(chunk)}`))),
      await backend('b', says('b')),
    ];
    await door.route(table(one));
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(door.origin).port) });
    socket.setEncoding('utf8').write('1');
    expect(await once(socket, 'data')).toEqual(['a1']);
    await door.route(table(two));
    expect((await met(door)).text).toBe('b');
    socket.write('2');
    expect(await once(socket, 'data')).toEqual(['a2']);
    expect((await door.counts()).find(({ name }) => name === 'a')?.open).toBe(1);
    socket.destroy();
  });

  it('acts on a change as late as it is told to, however busy its owner is meanwhile', async () => {
    const door = await openDoor();
    const [one, two] = [await backend('a', says('a')), await backend('b', says('b'))];
    await door.route(table(one));
    const routed = door.route(table(two), 1000);
    expect((await met(door)).text).toBe('a');
    const busyUntilMs = performance.now() + 1500;
    while (performance.now() < busyUntilMs);
    // What arrives first afterwards is told by the kernel, and the change had been made by then.
    expect((await met(door)).text).toBe('b');
    await routed;
  });

  it('passes on how a connection ends: FIN as FIN, RST as RST, after what was sent before', async () => {
    const door = await openDoor();
    const counted = { fin: 0, rst: 0, half: 0 };
    const cases: Record<string, (socket: Socket) => void> = {
      fin: (socket) => void ((counted.fin += 1), socket.end()),
      rst: (socket) => void ((counted.rst += 1), socket.resetAndDestroy()),
      half: (socket) =>
        void ((counted.half += 1), socket.write(HALF), socket.once('data', () => socket.resetAndDestroy())),
    };
    for (const [name, act] of Object.entries(cases)) {
      const one = await backend(
        name,
        (socket) =>
          void socket.once('data', () => {
            act(socket);
          }),
      );
      await door.route(table(one));
      const endings = await Promise.all(Array.from({ length: 20 }, () => met(door)));
      const expected: Ending = { text: name === 'half' ? HALF : '', by: name === 'fin' ? 'fin' : 'rst' };
      expect(endings).toEqual(Array.from({ length: 20 }, () => expected));
    }
    expect(counted).toEqual({ fin: 20, rst: 20, half: 20 });
  });

  it('passes on the half that a client has closed, and large bodies both ways', async () => {
    const door = await openDoor();
    const one = await backend('a', (socket) => {
      let length = 0;
      socket.on('data', (chunk) => (length += chunk.length));
      socket.on('end', () => socket.end(`${length} ${'y'.repeat(3_000_000)}`));
    });
    await door.route(table(one));
    const { text, by } = await met(door, 'z'.repeat(2_000_000), true);
    expect(by).toBe('fin');
    expect(text.length).toBe('2000000 '.length + 3_000_000);
  });

  it('resets a connection that no instance takes, and tells to whom one was given', async () => {
    const door = await openDoor();
    expect((await met(door)).by).toBe('rst');
    const gone = await backend('gone', says('never'));
    gone.server.close();
    await once(gone.server, 'close');
    await door.route(table(gone));
    expect((await met(door)).by).toBe('rst');
    expect(await door.counts()).toMatchObject([{ name: 'gone', chosen: 1, refused: 1 }]);
    const one = await backend('a', (taken) => void taken.write('a'));
    await door.route(table(one));
    const port = await freePort('127.0.0.1');
    const from = { host: '127.0.0.1', port: Number(new URL(door.origin).port), localPort: port };
    const socket = connect(from);
    await once(socket, 'data');
    await door.counts();
    expect(door.chosenFor(port)).toBe('a');
    expect(door.portsOf('a')).toEqual([port]);
    // The same port again, when there is nobody to give the connection to: nobody is named.
    await door.route([]);
    // By RST, which leaves nothing behind that would keep the port.
    socket.resetAndDestroy();
    await once(socket, 'close');
    const again = connect(from);
    expect(await once(again, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
    await door.counts();
    expect(door.chosenFor(port)).toBeUndefined();
    expect(door.portsOf('a')).toEqual([]);
  });

  it('leaves out an instance that takes no connections, when asked to', async () => {
    const door = await openDoor({ passive_ejection: { failures: 2, for: '1m' } });
    const [gone, one] = [await backend('gone', says('never')), await backend('a', says('a'))];
    gone.server.close();
    await once(gone.server, 'close');
    await door.route(table(gone, one));
    const endings: Ending[] = [];
    for (let count = 0; count < 20; count += 1) endings.push(await met(door));
    expect(endings.filter(({ by }) => by === 'rst')).toHaveLength(2);
  });

  it('tells when it dies', async () => {
    const door = await openDoor();
    const before = await door.counts();
    expect(before).toEqual([]);
    await door.close();
    await expect(Promise.race([door.died, Promise.resolve('nothing')])).resolves.toBe('nothing');
  });
});

/** Servers that send a large answer to its end, or not. */
import type { Socket } from 'node:net';
import type { Conduct } from './server.ts';

const BYTES = 16 * 1024 * 1024;
const PART = Buffer.alloc(64 * 1024, 'abcdefghijklmno\n');
const HEAD = `HTTP/1.1 200 OK\r\nContent-Length: ${BYTES}\r\n\r\n`;

/** Sends part after part as the client takes them. `partOf` gives each part; `done` is told once. */
function send(socket: Socket, partOf: () => Buffer, done: () => void): void {
  let left = BYTES;
  socket.write(HEAD);
  const go = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= PART.length;
      if (!socket.write(partOf()) && left > 0) return void socket.once('drain', go);
    }
    if (left === 0) done();
  };
  go();
}

const sending = (partOf: (late: boolean) => Buffer, outcome: 'answered' | 'failed'): Conduct => ({
  called: (call, house) =>
    send(
      call.socket,
      () => partOf(house.signalled),
      () => house.signalled && house.did(outcome),
    ),
  signalled: () => undefined,
});

/** Sends all of it, the same every time. */
export const sends: Conduct = sending(() => PART, 'answered');

const OTHER = Buffer.alloc(64 * 1024, 'ABCDEFGHIJKLMNO\n');
/** Goes on with other bytes after the signal. */
export const mixesUp: Conduct = sending((late) => (late ? OTHER : PART), 'failed');

/** Closes in mid-answer; what its kernel has is still sent. */
export const cutsDownloads: Conduct = {
  ...sends,
  signalled(house) {
    house.did('truncated', house.sockets.size);
    for (const socket of house.sockets) socket.destroy();
  },
};

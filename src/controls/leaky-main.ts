/**
 * The leaky server as a process of its own: its plan comes in on stdin, its port and its tallies go out on stdout.
 *
 * Rule: it never outlives its owner, see processes/owner.ts.
 */
import { serveOwner } from '../processes/owner.ts';
import { ToLeaky, type FromLeaky } from './leaky-messages.ts';
import { openLeakyServer, type LeakyServer } from './leaky-server.ts';

let server: LeakyServer | undefined;
const send: (message: FromLeaky) => void = serveOwner({ hears: ToLeaky, obey });

async function obey(message: ToLeaky): Promise<void> {
  switch (message.kind) {
    case 'open':
      server = await openLeakyServer(message.plan);
      send({ kind: 'open', port: server.port, ...(server.ca === undefined ? {} : { ca: server.ca }) });
      return;
    case 'tally':
      if (server === undefined) throw new Error('A tally was asked for before the server was opened.');
      send({ kind: 'tally', tally: server.tally() });
      return;
  }
}

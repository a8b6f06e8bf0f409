/**
 * One connection of a client, joined to one of a backend.
 *
 * Rule: each side learns what the other did, as it was: bytes as bytes, FIN as FIN (each direction on its own), RST as
 * RST. What an instance had sent before it was killed still reaches the client first. (One limit is Node's: bytes and a
 * RST that are found together are told as bytes and a FIN.)
 */
import type { Socket } from 'node:net';

export interface Relayed {
  /** The backend did not take the connection. */
  refused: () => void;
  /** It did. */
  connected: () => void;
  /** Both sides are closed. */
  closed: () => void;
}

/** Joins a client's socket and one that is being connected to a backend; both must be half-open (`allowHalfOpen`). */
export function relay(client: Socket, backend: Socket, { refused, connected, closed }: Relayed): void {
  let open = 2;
  let taken = false;
  const sideClosed = (): void => {
    open -= 1;
    if (open === 0) closed();
  };
  client.pipe(backend);
  backend.pipe(client);
  backend.once('connect', () => {
    taken = true;
    connected();
  });
  backend.on('error', () => {
    if (!taken) refused();
    // After what was written to it before, never in its place.
    if (client.writableLength === 0 || client.writableEnded) client.resetAndDestroy();
    else client.write('', () => client.resetAndDestroy());
  });
  client.on('error', () => backend.resetAndDestroy());
  client.once('close', () => {
    if (!backend.destroyed && !client.readableEnded) backend.resetAndDestroy();
    sideClosed();
  });
  backend.once('close', sideClosed);
}

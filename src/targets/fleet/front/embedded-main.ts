/**
 * The process of the embedded front door: messages come in on stdin, answers go out on stdout. A process of its own, so
 * that the starting of instances never holds up a connection.
 *
 * Rule: it never outlives its owner: the end of stdin, for whatever reason, ends it at once. Ctrl-C is for the owner to
 * understand.
 */
import type { Backend } from '../../../model/front.ts';
import { serveOwner } from '../../../processes/owner.ts';
import { goFirst } from '../../../processes/priority.ts';
import { BACKLOG, embeddedDoorOf, type EmbeddedDoor } from './embedded-door.ts';
import { ToDoor, type FromDoor } from './embedded-messages.ts';

/** Connections are told in batches, so that telling costs little. */
const TELL_EVERY_MS = 20;

let door: EmbeddedDoor | undefined;
let ports: number[] = [];
let names: string[] = [];
const send: (message: FromDoor) => void = serveOwner({ hears: ToDoor, obey });

function opened(): EmbeddedDoor {
  if (door === undefined) throw new Error('A message came before the door was opened.');
  return door;
}

function obey(message: ToDoor): void {
  const { id } = message;
  switch (message.kind) {
    case 'open':
      door = embeddedDoorOf(message.options, (port, name) => {
        ports.push(port);
        names.push(name);
      });
      door.server.once('error', (error) => {
        send({ kind: 'opened', id, problem: error.message });
      });
      door.server.listen({ host: message.host, port: message.port, backlog: BACKLOG }, () => {
        send({ kind: 'opened', id });
      });
      return;
    case 'route':
      if (message.afterMs > 0) {
        setTimeout(() => {
          route(id, message.backends);
        }, message.afterMs);
      } else route(id, message.backends);
      return;
    case 'counts':
      tellChosen();
      send({ kind: 'counts', id, counts: opened().counts() });
  }
}

function route(id: number, backends: readonly Backend[]): void {
  opened().route(backends);
  send({ kind: 'routed', id });
}

function tellChosen(): void {
  if (ports.length > 0) send({ kind: 'chosen', ports, names });
  ports = [];
  names = [];
}

goFirst();
setInterval(tellChosen, TELL_EVERY_MS);

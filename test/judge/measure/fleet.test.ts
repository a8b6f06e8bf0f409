import { expect, it } from 'vitest';
import { fewestReadyIn } from '../../../src/judge/measure/fleet.ts';
import type { EventOf } from '../../../src/model/event.ts';

type State = EventOf<'instance'>['state'];
const instances = (...rows: [number, number, State][]): EventOf<'instance'>[] =>
  rows.map(([atMs, instance, state]) => ({ kind: 'instance', session: 0, atMs, instance, state }));

const LOG = instances(
  [0, 0, 'started'],
  [1, 1, 'started'],
  [5, 0, 'ready'],
  [6, 1, 'ready'],
  [10, 2, 'started'],
  [12, 2, 'ready'],
  [13, 0, 'draining'],
  [14, 0, 'gone'],
  [15, 1, 'unready'],
  [16, 1, 'ready'],
);

it('counts the instances that are ready at once', () => {
  expect(fewestReadyIn({ instances: LOG }, 7, 12.5)).toBe(2);
  expect(fewestReadyIn({ instances: LOG }, 7, 14)).toBe(2);
  expect(fewestReadyIn({ instances: LOG }, 7, 20)).toBe(1);
});

it('counts what is ready at the first moment', () => {
  expect(fewestReadyIn({ instances: LOG }, 15.5, 20)).toBe(1);
  expect(fewestReadyIn({ instances: LOG }, 17, 20)).toBe(2);
});

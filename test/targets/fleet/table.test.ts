import { expect, it } from 'vitest';
import { tableOf, type Routable } from '../../../src/targets/fleet/table.ts';

const one = (name: string, isNew: boolean, ready = true): Routable => ({
  name,
  host: '127.0.0.1',
  port: 1,
  isNew,
  ready,
});
const weights = (instances: Routable[], share?: number): Record<string, number> =>
  Object.fromEntries(tableOf(instances, share).map(({ name, weight }) => [name, weight]));

it('counts every ready instance alike when no share is asked for', () => {
  expect(weights([one('a', false), one('b', true), one('c', true, false)])).toEqual({ a: 1, b: 1 });
});

it('gives the new set its share, whatever its size', () => {
  const table = weights([one('a', false), one('b', false), one('c', false), one('d', true)], 0.1);
  const total = Object.values(table).reduce((sum, weight) => sum + weight, 0);
  expect((table['d'] as number) / total).toBeCloseTo(0.1, 2);
  expect(weights([one('a', false), one('b', true)], 1)).toEqual({ a: 0, b: 240 });
  expect(weights([one('a', false), one('b', true)], 0)).toEqual({ a: 240, b: 0 });
});

it('sends nothing to a set of which nobody is ready', () => {
  expect(weights([one('a', false), one('b', true, false)], 1)).toEqual({ a: 0 });
});

import { describe, expect, it } from 'vitest';
import { openInstanceIds } from '../../../src/targets/process/instance-ids.ts';

const one = { pid: 5, startTicks: 100, image: 7 };
const keys = (...images: number[]): string[] => {
  const idOf = openInstanceIds();
  return images.map((image) => idOf({ ...one, image }).key);
};

describe('the id of a process', () => {
  it('is shown by its number', () => {
    expect(openInstanceIds()(one)).toMatchObject({ label: 'pid 5', process: 5 });
  });

  it('is another one when the number came back with another start time, or the image changed under it', () => {
    const idOf = openInstanceIds();
    const { key } = idOf(one);
    expect(idOf({ ...one }).key).toBe(key);
    expect(idOf({ ...one, startTicks: 101 }).key).not.toBe(key);
    expect(idOf({ ...one, pid: 6 }).key).not.toBe(key);
    expect(idOf({ ...one, image: 8 }).key).not.toBe(key);
    expect(idOf(one).key).toBe(key);
  });

  it('stays what it was while the image cannot be read', () => {
    const [known, unread, again] = keys(7, 0, 7);
    expect([unread, again]).toEqual([known, known]);
    const [, second, unreadThen] = keys(7, 8, 0);
    expect(unreadThen).toBe(second);
    const [first, read, next] = keys(0, 7, 8);
    expect(read).toBe(first);
    expect(next).not.toBe(first);
  });
});

/** Whose a process group is: ours while it has had a member without a break, and nobody's of ours ever after. */
import { describe, expect, it } from 'vitest';
import { membersOf, noteLeaderEnded, nowTicks, type Group } from '../../src/processes/group.ts';
import type { ProcessStat } from '../../src/processes/proc.ts';

const member = (pid: number, startTicks: number, group = 100): ProcessStat => ({
  pid,
  name: 'x',
  state: 'S',
  parent: 1,
  group,
  session: group,
  startTicks,
  image: 1,
});
const nobodyKnown = (): boolean => false;

describe('a process group', () => {
  it('is ours with its leader, and with whoever joins it while a member lives', () => {
    const group: Group = { id: 100, seenTicks: 1000 };
    const later = member(101, nowTicks() + 1000);
    expect(membersOf(group, [member(100, 1000), later, member(9, 5, 9)], nobodyKnown)).toEqual([
      member(100, 1000),
      later,
    ]);
    // The leader has gone; the other one is known from before.
    expect(membersOf(group, [later], ({ pid }) => pid === 101)).toEqual([later]);
  });

  it('is forgotten for good when it was found empty', () => {
    const group: Group = { id: 100, seenTicks: 1000 };
    expect(membersOf(group, [], nobodyKnown)).toEqual([]);
    expect(membersOf(group, [member(100, 2000)], nobodyKnown)).toEqual([]);
    expect(membersOf(group, [member(100, 500)], () => true)).toEqual([]);
  });

  it('is not ours when all of its members started after it was last seen: the number was given anew', () => {
    const group: Group = { id: 100, seenTicks: 1000 };
    expect(membersOf(group, [member(100, 1001), member(101, 1002)], nobodyKnown)).toEqual([]);
    expect(group.seenTicks).toBeNull();
  });

  it('holds whoever was there when its leader ended', () => {
    const group: Group = { id: 100, seenTicks: 1000 };
    noteLeaderEnded(group);
    expect(membersOf(group, [member(101, 1500)], nobodyKnown)).toHaveLength(1);
  });
});

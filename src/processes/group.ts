/**
 * A process group that a child of ours leads.
 *
 * Rule: its number is ours as long as it has had a member without a break. A member is known to belong to it when it
 * started before the last moment at which the group was seen alive: from then on the number was taken.
 */
import { uptime } from 'node:os';
import type { ProcessStat } from './proc.ts';

/** Clock ticks are hundredths of a second for user space on every Linux. */
export const MS_PER_TICK = 10;

export interface Group {
  /** The number of the group, and of the process that began it. */
  id: number;
  /** The last moment at which it was known to be ours, clock ticks since boot; null when it has been found empty. */
  seenTicks: number | null;
}

/** This moment in clock ticks since boot. */
export function nowTicks(): number {
  return (uptime() * 1000) / MS_PER_TICK;
}

/** The group of a child that was spawned just now and leads it. */
export function groupLedBy(pid: number): Group {
  return { id: pid, seenTicks: nowTicks() };
}

/** Its leader has just been waited for: until now nobody else could have the number. */
export function noteLeaderEnded(group: Group): void {
  if (group.seenTicks !== null) group.seenTicks = nowTicks();
}

/**
 * The members of the group among all processes of the machine; `isKnown` are those that are ours for other reasons.
 * Forgets the group when none of them is proven to belong to it.
 */
export function membersOf(
  group: Group,
  processes: readonly ProcessStat[],
  isKnown: (process: ProcessStat) => boolean,
): ProcessStat[] {
  const { seenTicks } = group;
  if (seenTicks === null) return [];
  const members = processes.filter((process) => process.group === group.id);
  const isAlive = members.some((process) => isKnown(process) || process.startTicks <= seenTicks);
  group.seenTicks = isAlive ? nowTicks() : null;
  return isAlive ? members : [];
}

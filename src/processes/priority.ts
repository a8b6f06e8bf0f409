/**
 * The place of our own processes when the machine is full.
 *
 * Rule: none of ours starves another, and a front door is never behind the agent. Each has a Unix session of its own
 * (child.ts), and those on the way of a request ask for the same priority.
 *
 * Linux shares the processor among sessions first (sched_autogroup), and priority only counts within one. Measured on
 * two
 * cores beside other work (load 15 to 31) and two busy loops, a canary of 300 requests/s behind the embedded door:
 * - one session, the agent before the door: up to 3,426 lost with a gap of 20.6 s;
 * - one session, both at the highest priority: up to 1,113 lost, 20.2 s; no priorities: up to 1,077 lost, 18.2 s;
 * - a session for each: none lost, no gap, and answers within 0.6 s (p99; up to 5.0 s and more otherwise).
 */
import { constants, setPriority } from 'node:os';

/** Asks for the priority of an instrument, which must be on time and needs little. */
export function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {
    // Without the right to do so (root) it competes like everyone else, and reports how late it was.
  }
}

/**
 * A sham restart: everything that a restart has, but for its steps. What it loses is noise.
 *
 * Rule: the target is looked at and its sentinels are placed and told of phases as in a restart; nothing is sent to its
 * processes.
 */
import type { Chronicle } from '../model/control.ts';
import type { Event } from '../model/event.ts';
import type { RunningTarget } from '../targets/target.ts';
import type { Agent } from '../traffic/agents/agent.ts';

export interface ShamOptions {
  session: number;
  /** A number that no restart of the session has. */
  number: number;
  target: RunningTarget;
  agent: Agent;
  /** Of the arm; a sham needs no longer than {@link LONGEST_MS}. */
  quietMs: number;
  write: (event: Event) => void;
  nowMs: () => number;
  tellAgent: (restart: number, phase: 'signalled' | 'completed') => void;
  fact: Chronicle['fact'];
  /** Waits; false when it was cut short. */
  quiet: (ms: number) => Promise<boolean>;
}

const LEAD_MS = 250;
const LONGEST_MS = 2000;

/** Makes one sham restart. */
export async function shamRestart({
  session,
  number,
  target,
  agent,
  quietMs,
  write,
  nowMs,
  tellAgent,
  fact,
  quiet,
}: ShamOptions): Promise<void> {
  const tell = (moment: 'began' | 'signalled' | 'settled'): void =>
    write({ kind: 'sham', session, restart: number, moment, atMs: nowMs() });
  if (!(await quiet(Math.min(quietMs, LEAD_MS)))) return;
  tell('began');
  for (const { placed, message } of await agent.place(number)) {
    fact({ code: placed ? 'sentinel-doubtful' : 'sentinel-not-armed', message });
  }
  await target.begin();
  tell('signalled');
  tellAgent(number, 'signalled');
  await target.serving();
  tellAgent(number, 'completed');
  const whole = await quiet(Math.min(quietMs, LONGEST_MS));
  await agent.release(number);
  if (whole) tell('settled');
}

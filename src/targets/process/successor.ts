/**
 * One healthcheck in a restart, and whether it was the successor that answered.
 *
 * Rule: while the old instance still answers, its answers say nothing about the new one. The identity header decides.
 * Without one: where the successor listens on a socket of its own, the process that has accepted the very connection of
 * the healthcheck decides; where it shares the socket, it must be seen waiting for connections, or (a server that waits
 * with poll or select shows no sign of it) have held the socket for a second.
 */
import { heldBy, serverEndOf } from '../../processes/accepted.ts';
import { isSeenAccepting } from '../../processes/accepting.ts';
import type { Probe } from '../healthcheck.ts';
import type { Started } from './instance.ts';
import type { Look } from '../../processes/ours.ts';
import { below, isAlive, type ProcessStat } from '../../processes/proc.ts';
import { isOld, newOwnersOf, probeOnce, type State } from './state.ts';
import type { Watch } from './watch.ts';

const BELIEVED_AFTER_MS = 1000;

/**
 * Who answered a healthcheck; `nobody` when nobody did, or it cannot be told. `unseen`: the kernel shows who accepts
 * only when a byte has come (TCP_DEFER_ACCEPT, as with Apache).
 */
export type Answerer = 'old' | 'new' | 'nobody' | 'unseen';

/** Asks once, in a restart in which zerodrop has started the successor. */
export async function probeSuccessor(state: State, watch: Watch): Promise<Probe & { by: Answerer }> {
  const { old } = state.restart;
  if (old.main === undefined || !isAlive(old.main)) return { ...(await probeOnce(state)), by: 'new' };
  if (old.identities.length === 0 && listensApart(state, watch.tick().look)) return probeApart(state);
  const result = await probeOnce(state);
  if (!result.healthy) return { ...result, by: 'nobody' };
  if (result.identity !== undefined && old.identities.length > 0) {
    return { ...result, by: old.identities.includes(result.identity) ? 'old' : 'new' };
  }
  return { ...result, by: isBelieved(state, watch) ? 'new' : 'old' };
}

/** Whether old and new both listen, and the new ones on a socket of their own: then either may be met. */
export function listensApart(state: State, look: Look): boolean {
  const newcomers = new Set(newOwnersOf(state, look).map(({ pid }) => pid));
  const [ofNew, ofOld] = [true, false].map((isNew) =>
    look.owners.filter(({ pid }) => newcomers.has(pid) === isNew).flatMap((owner) => heldBy(owner, look.inodes)),
  );
  const shared = new Set(ofOld);
  return shared.size > 0 && (ofNew as string[]).some((inode) => !shared.has(inode));
}

/**
 * Asks once, and tells by the connection who answered; `nobody`, too, when none had accepted it within half the time
 * that the healthcheck has, before a byte was sent.
 */
export async function probeApart(state: State): Promise<Probe & { by: Answerer }> {
  let by: Answerer = 'nobody';
  const result = await probeOnce(state, async (clientPort) => {
    by = await accepterOf(state, clientPort, state.setting.target.healthcheck.timeout / 2);
  });
  return { ...result, by };
}

async function accepterOf(state: State, clientPort: number, limitMs: number): Promise<Answerer> {
  const { endpoint } = state.setting;
  const end = endpoint === undefined ? undefined : await serverEndOf(endpoint, clientPort, limitMs);
  if (typeof end !== 'object') return end === 'withheld' ? 'unseen' : 'nobody';
  const { processes } = state.ours.look();
  const holders = processes.filter((process) => heldBy(process, new Set([end.inode])).length > 0);
  if (holders.length === 0) return 'nobody';
  const ofOld = oldOnesIn(state, processes);
  return holders.some(({ pid }) => ofOld.has(pid)) ? 'old' : 'new';
}

/** Whether there is any process that is not of the old instance. */
export function hasSuccessor(state: State): boolean {
  const { processes } = state.ours.look(true);
  return processes.length > oldOnesIn(state, processes).size;
}

/**
 * Pids of the old instance, with the children that it has had since; where it starts its successor itself, without
 * them.
 */
function oldOnesIn(state: State, processes: readonly ProcessStat[]): Set<number> {
  const known = processes.filter((process) => isOld(state, process));
  const since = state.restart.successor === undefined ? [] : below(processes, new Set(known.map(({ pid }) => pid)));
  return new Set([...known, ...since].map(({ pid }) => pid));
}

const heldSinceMs = new WeakMap<Started, number>();

function isBelieved(state: State, watch: Watch): boolean {
  const { look } = watch.tick();
  const owners = newOwnersOf(state, look);
  if (owners.some(({ pid }) => isSeenAccepting(pid, look.inodes))) return true;
  const { successor } = state.restart;
  if (owners.length === 0 || successor === undefined) return false;
  const sinceMs = heldSinceMs.get(successor) ?? performance.now();
  heldSinceMs.set(successor, sinceMs);
  return performance.now() - sinceMs > BELIEVED_AFTER_MS;
}

/**
 * Opens a target of whatever kind.
 *
 * Rule: a kind is a folder and one line here; the first that matches an arm is its kind.
 */
import { attached } from './attached/kind.ts';
import { fleet } from './fleet/kind.ts';
import { kubernetes } from './kubernetes/kind.ts';
import { ownProcess } from './process/kind.ts';
import type { RunningTarget, TargetKind, TargetOptions } from './target.ts';

/** All kinds of target. */
export const KINDS: readonly TargetKind[] = [fleet, kubernetes, attached, ownProcess];

/** Opens the target of an arm; nothing of it is started yet. Rejects with ZerodropError. */
export async function openTarget(options: TargetOptions, kinds: readonly TargetKind[] = KINDS): Promise<RunningTarget> {
  const kind = kinds.find(({ matches }) => matches(options.arm));
  if (kind === undefined) throw new Error('no kind of target matches this arm');
  return kind.open(options);
}

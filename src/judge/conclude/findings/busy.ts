/**
 * The finding that a busy machine, or a late harness, keeps slowness in restarts from saying anything.
 *
 * Rule: inconclusive, never a fail: the machine's fault is not the target's. The next step is always the same: measure
 * where there is room.
 */
import type { RestartFacts } from '../../measure/evidence.ts';
import { msText, percentText } from '../wording.ts';
import { onlyRestart, restartsText, type ArmFinding } from './finding.ts';

/** `slowness` is what was slow, as a subject: `2,341 timeouts`. `concerned` are the restarts that were not fit. */
export function busyFinding(slowness: string, concerned: readonly RestartFacts[]): ArmFinding {
  return {
    code: 'machine-busy',
    severity: 'inconclusive',
    ...onlyRestart(concerned),
    message: `This machine was too busy to judge ${slowness} in ${restartsText(concerned)}: ${reasonText(concerned)}.`,
    hint:
      'Run again when nothing else needs the processor, on a machine with more cores, or with lower rates. ' +
      '`zerodrop doctor` measures what this machine can carry.',
  };
}

function reasonText(concerned: readonly RestartFacts[]): string {
  const shares = concerned.flatMap(({ fitness: { othersShare } }) => othersShare ?? []);
  const others = shares.length === 0 ? 0 : Math.max(...shares);
  const lateMs = Math.max(...concerned.map(({ fitness: { lateP99Ms } }) => lateP99Ms));
  const unsent = concerned.reduce((sum, { arrivals }) => sum + arrivals.unsent, 0);
  const own =
    unsent > 0
      ? `zerodrop itself could not send ${unsent.toLocaleString('en-US')} requests`
      : `zerodrop itself sent one request in a hundred ${msText(lateMs)} late or later`;
  // Others that used little do not explain it.
  if (others < LEAST_WORTH_SAYING) return own;
  const used = `other processes used up to ${percentText(others)} of it`;
  return unsent > 0 || lateMs > LATE_WORTH_SAYING_MS ? `${used}, and ${own}` : used;
}

const LEAST_WORTH_SAYING = 0.1;
const LATE_WORTH_SAYING_MS = 50;

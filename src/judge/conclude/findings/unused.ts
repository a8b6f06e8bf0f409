/**
 * Findings about traffic that was not what the scenario asked for, so that it proves less than it seems to.
 *
 * Rule: no proof is claimed for what was never tried. Where nothing else was tried the arm is inconclusive.
 */
import type { Evidence } from '../../measure/evidence.ts';
import { neverReused } from '../../measure/reuse.ts';
import { listText, quantity } from '../wording.ts';
import type { ArmFinding } from './finding.ts';

/** The finding that streams with reused connections never reused one. */
export function unusedFindingsOf({ planned, sessions }: Evidence): ArmFinding[] {
  const { arrivals } = planned.traffic;
  const never = neverReused(sessions, (stream) => arrivals[stream]?.connections ?? 0);
  if (never.length === 0) return [];
  const answers = never.reduce((sum, stream) => sum + stream.answers, 0);
  const one = never.length === 1;
  const names = listText(never.map(({ stream }) => `\`${stream}\``));
  return [
    {
      code: 'never-reused',
      severity: never.length === Object.keys(arrivals).length ? 'inconclusive' : 'note',
      message:
        `The ${one ? 'stream' : 'streams'} ${names} never reused a connection: the target closed each after its ` +
        `answer (${quantity(answers, 'answer')}). Nothing is proven about kept-alive connections.`,
      hint: `Set \`connection: new\` for ${one ? 'it' : 'them'}, or let the target keep connections alive.`,
    },
  ];
}

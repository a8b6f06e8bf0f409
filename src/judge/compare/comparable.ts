/**
 * Whether two sides can be compared, and what makes it doubtful.
 *
 * Rule: another load makes other numbers, whatever the target does; another machine may.
 */
import type { Arm } from '../../model/scenario.ts';
import type { Recording } from '../fold/recording.ts';
import { listText } from '../conclude/wording.ts';

/** What of the load differs between two arms, by field, such as `traffic.arrivals`; empty when they met the same. */
export function loadDifferencesOf(one: Load, other: Load): string[] {
  const [from, to] = [fieldsOf(one), fieldsOf(other)];
  return Object.keys(from).filter((field) => canonical(from[field]) !== canonical(to[field]));
}

/** What makes the load of an arm. */
export type Load = Pick<Arm, 'traffic' | 'restart' | 'adversity'>;

function fieldsOf({ traffic, restart, adversity }: Load): Record<string, unknown> {
  return {
    'traffic.arrivals': traffic.arrivals,
    'traffic.pressure': traffic.pressure,
    'traffic.sentinels': traffic.sentinels,
    'traffic.client': traffic.client,
    'restart.quiet': restart.quiet,
    adversity,
  };
}

/** A warning when two arms did not meet the same load. */
export function loadWarnings(reference: string, one: Load, name: string, other: Load): string[] {
  const fields = loadDifferencesOf(one, other);
  return fields.length === 0
    ? []
    : [`${name} and ${reference} did not meet the same load (${listText(fields)}): a difference may come from that.`];
}

/** Warnings when two runs were made by another zerodrop, or on another machine, as far as that shows. */
export function machineWarnings(
  reference: string,
  one: Recording['head'],
  name: string,
  other: Recording['head'],
): string[] {
  const figures = ({ zerodrop, environment }: Recording['head']): [string, string][] => [
    ['zerodrop', zerodrop],
    ['Node', environment.node],
    ['system', environment.os],
    ['CPUs', String(environment.cpus)],
  ];
  const now = new Map(figures(other));
  const differences = figures(one).flatMap(([figure, value]) =>
    now.get(figure) === value ? [] : [`${figure} ${now.get(figure) ?? ''} against ${value}`],
  );
  return differences.length === 0
    ? []
    : [`${name} and ${reference} were not run alike (${listText(differences)}): a difference may come from that.`];
}

/** JSON with the keys of every map in one order. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/**
 * Runs against each other: which arm stands against which.
 *
 * Rule: arms are paired by their names, and the first run is the reference; arms that did not meet the same load are
 * not compared.
 */
import { ZerodropError } from '../../errors.ts';
import type { Comparison } from '../../model/comparison.ts';
import type { Evidence } from '../measure/evidence.ts';
import type { Recording } from '../fold/recording.ts';
import { listText } from '../conclude/wording.ts';
import { loadDifferencesOf, machineWarnings, type Load } from './comparable.ts';
import { comparisonOf } from './comparison.ts';
import type { Subject } from './sides.ts';

/** A judged run in a comparison. */
export interface ComparedRun {
  /** What it is called in sentences. */
  label: string;
  /** Where it lies; null for the run at hand. */
  run: string | null;
  recording: Recording;
  evidence: readonly Evidence[];
  /** The name of the side that an arm is. */
  nameOf: (arm: string) => string;
}

const ONE_AFTER_ANOTHER =
  'The runs were made one after another, not in turns: what else the machine did meanwhile may make a difference, too.';

/** Compares the arms of the first run with those of the others. Throws ZerodropError `not-comparable`. */
export function runsCompared(runs: readonly ComparedRun[]): Comparison {
  const [reference, ...others] = runs as [ComparedRun, ...ComparedRun[]];
  const subjectsOf = ({ run, evidence, nameOf }: ComparedRun): Map<string, Subject> =>
    new Map(evidence.map((arm) => [arm.planned.name, { name: nameOf(arm.planned.name), run, evidence: arm }]));
  const known = subjectsOf(reference);
  const pairs = others.flatMap((other) => {
    const subjects = subjectsOf(other);
    const armsOf = (run: ComparedRun): Evidence['planned'][] => run.evidence.map(({ planned }) => planned);
    return pairedArms(reference.label, armsOf(reference), other.label, armsOf(other)).map(
      ([one, against]) => [known.get(one.name), subjects.get(against.name)] as [Subject, Subject],
    );
  });
  const subjects = [...new Set([...pairs.map(([one]) => one), ...pairs.map(([, other]) => other)])];
  const alone = runs
    .flatMap((run) => run.evidence.map(({ planned }) => run.nameOf(planned.name)))
    .filter((name) => !subjects.some((subject) => subject.name === name));
  return comparisonOf(
    subjects,
    pairs.map(([one, other]) => [one.name, other.name] as const),
    [
      ONE_AFTER_ANOTHER,
      ...others.flatMap((other) =>
        machineWarnings(reference.label, reference.recording.head, other.label, other.recording.head),
      ),
      ...(alone.length === 0 ? [] : [`Not compared, for want of an arm of the same name: ${listText(alone)}.`]),
    ],
  );
}

/**
 * The arms of two runs in pairs: those of the same name, or the only ones of both.
 * Throws ZerodropError `not-comparable` when there are none, or when a pair does not meet the same load.
 */
export function pairedArms<One extends Load & { name: string }, Other extends Load & { name: string }>(
  label: string,
  ones: readonly One[],
  otherLabel: string,
  others: readonly Other[],
): [One, Other][] {
  const single = ones.length === 1 && others.length === 1;
  const pairs = ones.flatMap((one) =>
    others.filter(({ name }) => single || name === one.name).map((other): [One, Other] => [one, other]),
  );
  if (pairs.length === 0) {
    const named = (arms: readonly { name: string }[]): string => listText(arms.map(({ name }) => name));
    throw new ZerodropError(
      'not-comparable',
      `${label} (${named(ones)}) and ${otherLabel} (${named(others)}) have no arm of the same name`,
      'Compare runs of one scenario: arms are paired by their names.',
    );
  }
  const unlike = pairs.flatMap(([one, other]) => {
    const fields = loadDifferencesOf(one, other);
    return fields.length === 0 ? [] : [`${other.name}: ${listText(fields)}`];
  });
  if (unlike.length > 0) {
    throw new ZerodropError(
      'not-comparable',
      `${label} and ${otherLabel} differ in their load, so a difference would say nothing about the target`,
      'Run both with the same traffic, restart.quiet and adversity.',
      unlike,
    );
  }
  return pairs;
}

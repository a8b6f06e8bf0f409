/**
 * From a recording to a judgement: read this first.
 *
 * Rule: pure. The same log gives the same judgement, today and next year.
 */
import type { Comparison } from '../model/comparison.ts';
import { RESULT_SCHEMA, type Finding, type Result } from '../model/result.ts';
import { armResultOf } from './conclude/arm.ts';
import { withCanariesJudged } from './conclude/canary-facts.ts';
import { comparisonOf } from './compare/comparison.ts';
import { loadWarnings } from './compare/comparable.ts';
import { runsCompared, type ComparedRun } from './compare/runs.ts';
import type { Subject } from './compare/sides.ts';
import { evidenceOf, type Evidence } from './measure/evidence.ts';
import { failuresOf, type JudgedFailure } from './measure/failures.ts';
import { baselineFindingsOf } from './conclude/findings/baseline.ts';
import { findingsOf, gravestFirst } from './conclude/findings/findings.ts';
import { worstHealthOf } from './measure/health.ts';
import { ledgerOf } from './measure/ledger.ts';
import { plannedArmsOf } from './fold/planned.ts';
import type { Recording } from './fold/recording.ts';
import { worstOf } from './conclude/verdict.ts';

export interface Judgement {
  result: Result;
  recording: Recording;
  /** Every request and sentinel that was not answered, arm by arm and session by session, in the order of time. */
  failures: JudgedFailure[];
  /** What was measured, arm by arm: a comparison with other runs reads it. */
  evidence: Evidence[];
}

/**
 * Judges a run, and holds it to an earlier one when that is given. Throws ZerodropError `not-comparable` when that met
 * another load, and an Error when the log contradicts itself, which is a bug of ours and never a verdict.
 */
export function judgementOf(recorded: Recording, baseline?: ComparedRun): Judgement {
  const recording = withCanariesJudged(recorded);
  const ledger = ledgerOf(recording);
  const evidence = plannedArmsOf(recording).map((planned) => evidenceOf(recording, planned, ledger.get(planned.name)));
  const sinceBaseline =
    baseline === undefined
      ? undefined
      : runsCompared([baseline, { label: 'this run', run: null, recording, evidence, nameOf: (arm) => arm }]);
  const arms = evidence.map((arm) => {
    const failures = arm.tallies.flatMap(failuresOf);
    const findings = findingsOf(arm, failures, baselineFindingsOf(sinceBaseline, arm.planned.name));
    return { result: armResultOf(arm, findings), failures, findings };
  });
  const results = arms.map(({ result }) => result);
  return {
    result: {
      ...headOf(recording),
      verdict: worstOf(results.map(({ verdict }) => verdict)),
      asExpected: results.every(({ asExpected }) => asExpected),
      findings: gravestFirst(arms.flatMap(({ findings }): Finding[] => findings)),
      arms: results,
      ...(arms.length > 1 ? { comparison: armsCompared(evidence) } : {}),
      ...(sinceBaseline === undefined ? {} : { baseline: sinceBaseline }),
      harness: worstHealthOf(results.map(({ harness }) => harness)),
    },
    recording,
    failures: arms.flatMap(({ failures }) => failures),
    evidence,
  };
}

/** Each arm against the first. */
function armsCompared(evidence: readonly Evidence[]): Comparison {
  const [reference, ...others] = evidence.map((arm) => ({ name: arm.planned.name, run: null, evidence: arm })) as [
    Subject,
    ...Subject[],
  ];
  const pairs = others.map(({ name }) => [reference.name, name] as const);
  return comparisonOf(
    [reference, ...others],
    pairs,
    others.flatMap((other) =>
      loadWarnings(reference.name, reference.evidence.planned, other.name, other.evidence.planned),
    ),
  );
}

function headOf({
  head,
  sessions,
  interruptedAtMs,
  endAtMs,
}: Recording): Pick<
  Result,
  'schema' | 'zerodrop' | 'interrupted' | 'scenario' | 'startedAt' | 'durationMs' | 'command' | 'seed' | 'environment'
> {
  const { name } = head.scenario;
  return {
    schema: RESULT_SCHEMA,
    zerodrop: head.zerodrop,
    interrupted: interruptedAtMs !== null || endAtMs === null,
    scenario: typeof name === 'string' ? name : 'unnamed',
    startedAt: head.startedAt,
    durationMs: endAtMs ?? interruptedAtMs ?? Math.max(0, ...sessions.map(({ lastAtMs }) => lastAtMs)),
    command: head.command,
    seed: head.seed,
    environment: head.environment,
  };
}

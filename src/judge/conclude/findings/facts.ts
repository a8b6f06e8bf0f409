/**
 * Findings from what the target and the harness did: died, were killed, left something behind.
 *
 * Rule: one finding a code and arm, told by its first occurrence. Whatever makes the traffic or the restarts less than
 * planned is no pass. A fact that explains a loss or a failed step of the same restart counts as much and comes first.
 */
import { FACTS, type EventOf } from '../../../model/event.ts';
import type { Finding } from '../../../model/result.ts';
import { isDirty, type Evidence } from '../../measure/evidence.ts';
import { openingText } from '../wording.ts';
import type { ArmFinding } from './finding.ts';

type Fact = EventOf<'fact'>;
type Code = Fact['code'];

/** What each fact does to the verdict; null for those that other findings tell better. */
const SEVERITIES: Readonly<Record<Code, Finding['severity'] | null>> = {
  'target-died': 'fail',
  'target-not-healthy': 'fail',
  'target-not-started': 'inconclusive',
  'signal-not-passed': 'note',
  'forced-kill': 'note',
  'step-failed': null,
  'restart-not-proven': 'inconclusive',
  'rolled-back': 'note',
  'sentinel-not-armed': 'inconclusive',
  'sentinel-doubtful': 'note',
  'agent-died': 'inconclusive',
  'service-died': 'inconclusive',
  'leftover-process': 'note',
  'non-zero-exit': 'note',
  'replica-died': 'fail',
  'liveness-killed': 'fail',
  'pre-stop-failed': 'note',
  'step-inconclusive': 'inconclusive',
  'front-door-died': 'inconclusive',
  'watch-gap': 'note',
};

const HINTS: Readonly<Record<Code, string>> = {
  'target-died': 'See the last lines of its output for the reason, and run it under the same load by hand.',
  'target-not-healthy':
    'Start it by hand as often as it was started here: something that its earlier life left behind may be in its way.',
  'target-not-started': 'Correct the error in the message, and run again.',
  'signal-not-passed': 'Start the server itself in target.command, or write exec before it in the script.',
  'forced-kill':
    'It did not end within its grace period. Raise target.stop_grace_period, or find what keeps it: busy ' +
    'kept-alive connections, streams, or a signal that it does not handle.',
  'step-failed': 'See the last lines of output of the target.',
  'restart-not-proven':
    'Let the target send a header that changes with every start, and name it in target.identity.header.',
  'rolled-back': 'See why the step before it failed.',
  'sentinel-not-armed':
    'Give the sentinel a path that suits it (a slow one for in-flight, a large one for download), or leave it out.',
  'sentinel-doubtful': 'It was placed; give it a path that suits it, and it reveals more.',
  'agent-died': 'Run again; if it happens again, report it as a bug of zerodrop.',
  'service-died': 'See its last lines of output; a service must stay in the foreground for the whole run.',
  'leftover-process': 'Let the main process wait for its children before it exits.',
  'non-zero-exit':
    'A process that ends as it was asked to should exit with 0; supervisors take anything else for a crash.',
  'replica-died': 'See the last lines of its output for the reason.',
  'liveness-killed': 'Give livenessProbe a longer timeoutSeconds or failureThreshold and a cheap path.',
  'pre-stop-failed': 'Use preStop.sleep, or run the command by hand and correct it.',
  'step-inconclusive': 'Give the step longer, or more traffic.',
  'front-door-died': 'Run again; if it happens again, report it as a bug of zerodrop.',
  'watch-gap': 'Requests are counted nevertheless; states of pods in that time carry a later moment, or are missing.',
};

/** What explains losses, the deepest cause first. */
const CAUSES: readonly Code[] = ['signal-not-passed', 'forced-kill'];

/**
 * Findings that explain `measured` ones: restarts lost requests, or failed, in which a signal did not reach the
 * server, or it had to be killed.
 */
export function causeFindingsOf(evidence: Evidence, measured: readonly ArmFinding[]): ArmFinding[] {
  const { sessions, restarts } = evidence;
  if (!measured.some(({ code, severity }) => severity === 'fail' && EXPLAINED.has(code))) return [];
  const facts = sessions.flatMap((session) => session.facts);
  const isWrong = (fact: Fact): boolean =>
    restarts.some(
      (one) =>
        one.window.session === fact.session &&
        one.window.restart.restart === fact.restart &&
        (isDirty(one) || one.window.restart.steps.some(({ problem }) => problem !== undefined)),
    );
  return CAUSES.flatMap((code): ArmFinding[] => {
    const own = facts.filter((fact) => fact.code === code);
    return own.some(isWrong) ? [{ code, severity: 'fail', ...toldOf(own, restarts) }] : [];
  });
}

const EXPLAINED: ReadonlySet<Finding['code']> = new Set([
  'requests-lost',
  'requests-raced',
  'requests-rejected',
  'requests-failed',
  'step-failed',
]);

/** Findings from the facts in the log. `told` are codes that other findings have told already. */
export function factFindingsOf({ sessions, restarts }: Evidence, told: ReadonlySet<string>): ArmFinding[] {
  const all = sessions.flatMap(({ facts }) => facts);
  return FACTS.flatMap((code): ArmFinding[] => {
    const severity = SEVERITIES[code];
    if (severity === null || told.has(code)) return [];
    const facts = all.filter((fact) => fact.code === code);
    return alike(facts).map((group) => ({ code, severity, ...toldOf(group, restarts) }));
  });
}

/** Facts of one code are one finding; sentinels of different kinds have reasons of their own. */
function alike(facts: readonly Fact[]): Fact[][] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const key = fact.code.startsWith('sentinel-') ? fact.message : fact.code;
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return [...groups.values()];
}

function toldOf(
  facts: readonly Fact[],
  restarts: Evidence['restarts'],
): Pick<ArmFinding, 'restart' | 'message' | 'hint'> {
  const first = facts[0] as Fact;
  const indexes = new Set(facts.map((fact) => indexOf(fact, restarts)));
  const [index] = indexes;
  const more = facts.length === 1 ? '' : ` (${facts.length} times in all)`;
  return {
    ...(indexes.size === 1 && index !== undefined ? { restart: index } : {}),
    message: `${openingText(first.message)}${more}.`,
    hint: first.hint ?? HINTS[first.code],
  };
}

function indexOf(fact: Fact, restarts: Evidence['restarts']): number | undefined {
  return restarts.find(({ window }) => window.session === fact.session && window.restart.restart === fact.restart)
    ?.window.restart.index;
}

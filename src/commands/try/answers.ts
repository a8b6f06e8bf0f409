/**
 * What `zerodrop try` found out, in plain words: a question and an answer on each line.
 *
 * Rule: pure. Every number comes from the result of the run; what was not measured is said to be so, with the reason.
 */
import type { ArmResult, Result } from '../../model/result.ts';
import type { Counts } from '../../model/outcome.ts';
import type { SentinelName } from '../../model/sentinel.ts';
import { countText, msText, problemsText, quantity } from '../../report/view/words.ts';
import type { Found, FoundServer, Wishes } from './found.ts';
import { ARMS, GRACE_SECONDS, PRE_STOP_SECONDS } from './plan.ts';

export interface Answer {
  question: string;
  answer: string;
}

/** All answers, in the order in which one would ask. */
export function answersOf(found: Found, wishes: Wishes, result: Pick<Result, 'arms' | 'findings'>): Answer[] {
  const armNamed = (name: string): ArmResult | undefined => result.arms.find((arm) => arm.name === name);
  const [restart] = result.arms;
  if (restart === undefined) return [];
  const findings = result.findings.filter(({ arm }) => arm === restart.name);
  const answers: Answer[] = [
    { question: found.kind === 'attached' ? 'Restart' : 'Plain restart', answer: costText(restart) },
    {
      question: found.kind === 'attached' ? 'Drains' : `Drains on ${wishes.signal}`,
      answer: drainText(restart, findings, wishes),
    },
    { question: 'Kept-alive clients', answer: keptAliveText(restart) },
  ];
  if (found.kind === 'started') {
    answers.push(...rolloutAnswers(found, armNamed(ARMS.rollout), armNamed(ARMS.preStop)), {
      question: 'Takes a socket over (LISTEN_FDS)',
      answer: found.heedsListenFds ? 'yes' : 'no',
    });
  }
  answers.push({ question: 'Control: no restart', answer: controlText(restart) });
  return answers;
}

/** What a restart costs every client. */
function costText({ requests, restarts, longestGapMs }: ArmResult): string {
  const during = quantity(restarts.length, 'restart');
  const gap = longestGapMs > 0 ? `; no answer for up to ${msText(longestGapMs)}` : '';
  return `${lostText(requests)} of ${countText(requests.due)} requests in ${during}${gap}`;
}

/** Such as `5 lost (4 refused, 1 reset)`; what we did not send ourselves is no loss. */
function lostText(counts: Counts): string {
  const problems = problemsIn(counts);
  return problems === 0 ? '0 lost' : `${countText(problems)} lost (${problemsText({ ...counts, unsent: 0 })})`;
}

const problemsIn = ({ lost, raced, rejected, failed }: Counts): number => lost + raced + rejected + failed;

/** Whether what was under way when the signal came was finished. */
function drainText(arm: ArmResult, findings: Result['findings'], { signal }: Wishes): string {
  const under = (['in-flight', 'upload'] as const).map((name) => ({ name, counts: arm.sentinels[name] }));
  const parts = under.map(({ name, counts }) => `${NAMES[name]} ${finishedText(counts)}`);
  const killed = arm.hygiene.forcedKills;
  const left = findings.find(({ code }) => code === 'leftover-process');
  const torn = arm.requests.reset + arm.requests.closed + arm.requests.truncated + arm.requests.timeout;
  const details = `${parts.join(', ')}${torn > 0 ? `; ${countText(torn)} requests under way were cut` : ''}`;
  if (left !== undefined) return `no: ${lowered(left.message)} ${capital(details)}`;
  if (killed > 0) {
    return `no: it did not end within ${GRACE_SECONDS} s after ${signal}, and was killed in ${killed} of ${quantity(
      arm.restarts.length,
      'restart',
    )}; ${details}`;
  }
  return `${drainWord(
    under.map(({ counts }) => counts),
    torn,
  )}: ${details}`;
}

/** `no` when nothing of one kind was finished. */
function drainWord(kinds: readonly (Counts | undefined)[], torn: number): 'yes' | 'partly' | 'no' {
  const measured = kinds.flatMap((counts) => (counts === undefined || underWay(counts) === 0 ? [] : [counts]));
  if (measured.some(({ answered }) => answered === 0)) return 'no';
  return torn === 0 && measured.every((counts) => counts.answered === underWay(counts)) ? 'yes' : 'partly';
}

/** A request that met the keep-alive race was never under way in the server. */
const underWay = ({ due, raced }: Counts): number => due - raced;

const NAMES: Readonly<Partial<Record<SentinelName, string>>> = { 'in-flight': 'requests', upload: 'uploads' };

function finishedText(counts: Counts | undefined): string {
  if (counts === undefined || underWay(counts) === 0) return 'not measured';
  return `${countText(counts.answered)} of ${countText(underWay(counts))} finished`;
}

/** Connections that were idle when the signal came, and then written to. */
function keptAliveText({ sentinels: { idle } }: ArmResult): string {
  if (idle === undefined || idle.due === 0) return 'not measured';
  const cut = problemsIn(idle);
  return cut === 0 ? `none of ${countText(idle.due)} cut` : `${countText(cut)} of ${countText(idle.due)} cut`;
}

function rolloutAnswers(found: FoundServer, without: ArmResult | undefined, withIt: ArmResult | undefined): Answer[] {
  const question = 'As a Kubernetes rollout of 2';
  if (!found.heedsPort || without === undefined || withIt === undefined) {
    const why = `it opens port ${found.opened.port} and ignores PORT, so two cannot run side by side`;
    return [{ question, answer: `not measured: ${why}` }];
  }
  return [
    { question, answer: `${rolloutText(without)} without preStop` },
    { question: '', answer: `${rolloutText(withIt)} with preStop of ${PRE_STOP_SECONDS} s` },
  ];
}

function rolloutText({ requests, restarts }: ArmResult): string {
  if (restarts.some(({ completed }) => !completed)) return 'did not come to its end';
  return lostText(requests);
}

function controlText({ controls: { negative } }: ArmResult): string {
  if (negative === null) return 'not measured';
  const { lost, raced, rejected, failed, windows } = negative;
  return `${countText(lost + raced + rejected + failed)} lost in ${quantity(windows, 'window')} without a restart`;
}

/** What to do next, one imperative sentence each. */
export function nextSteps(found: Found, result: Pick<Result, 'arms'>, saved: string | undefined): string[] {
  const restart = result.arms[0];
  const withPreStop = result.arms.find(({ name }) => name === ARMS.preStop);
  const steps: string[] = [];
  if (found.kind === 'started' && !found.heedsPort) {
    steps.push('Let the server read PORT, or write ${PORT} into its arguments in single quotes, to measure a rollout.');
  }
  if (found.kind === 'started' && restart !== undefined && restart.hygiene.forcedKills > 0) {
    steps.push(
      'Let the server end after the signal: stop accepting, finish open requests, close idle connections, exit.',
    );
  }
  if (withPreStop !== undefined && problemsIn(withPreStop.requests) === 0) {
    steps.push(`Set a preStop sleep of ${PRE_STOP_SECONDS} s in the Deployment.`);
  }
  if (found.kind === 'started' && found.heedsListenFds) {
    steps.push('Use a systemd socket unit (strategy socket-activation): the socket outlives the server.');
  }
  steps.push(
    saved === undefined
      ? 'Go on from here with --save api.yaml, then zerodrop run api.yaml.'
      : `Run zerodrop run ${saved}`,
  );
  return steps;
}

/** Why the numbers may not be trusted, each once; restarts are few here by intention. */
export function doubtsOf({ findings }: Pick<Result, 'findings'>): string[] {
  const doubtful = ['harness-late', 'machine-busy', 'noise-without-restart', 'lost-in-quiet-time', 'control-missed'];
  return [...new Set(findings.filter(({ code }) => doubtful.includes(code)).map(({ message }) => message))];
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

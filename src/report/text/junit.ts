/**
 * junit.xml: the thresholds as test cases, for CI systems that show them.
 *
 * Rule: an arm is a suite; each threshold a case, the verdict one more, and what the scenario expects another when that
 * is not a mere pass. Where differences are judged a pair of arms is a suite, and each measure a case. In an
 * inconclusive suite nothing has passed: its cases are skipped with the reason, or errors where the user wants it so.
 */
import { create } from 'xmlbuilder2';
import { isMet } from '../../model/comparison.ts';
import { isSamePair } from '../view/comparison-view.ts';
import type { ArmView, ComparisonView, View } from '../view/view.ts';
import { msText } from '../view/words.ts';

export interface JunitOptions {
  /** A failure that the scenario expects is none: what failed as expected is skipped with the reason. */
  expect?: boolean;
  /** Inconclusive is an error, as `--inconclusive=fail` wants it. */
  inconclusiveFails?: boolean;
}

/** The whole file. */
export function junitXml(view: View, options: JunitOptions = {}): string {
  const suites =
    view.judged === 'pairs' && view.comparison !== null
      ? pairSuitesOf(view.comparison, view.scenario, options)
      : view.arms.map((arm) => suiteOf(arm, view, options));
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  const root = document.ele('testsuites', {
    name: 'zerodrop',
    ...totalsOf(suites.flatMap(({ cases }) => cases)),
    time: secondsText(view.durationMs),
  });
  for (const { name, cases, properties = [] } of suites) {
    const suite = root.ele('testsuite', {
      name: xmlText(name),
      ...totalsOf(cases),
      time: secondsText(view.durationMs / suites.length),
    });
    if (properties.length > 0) {
      const list = suite.ele('properties');
      for (const [property, value] of properties) list.ele('property', { name: property, value });
    }
    for (const one of cases) {
      const testcase = suite.ele('testcase', { classname: xmlText(name), name: xmlText(one.name) });
      if (one.state === 'failed') {
        testcase.ele('failure', { message: xmlText(one.message), type: one.name }).txt(xmlText(one.details));
      }
      if (one.state === 'error') {
        testcase.ele('error', { message: xmlText(one.message), type: one.name }).txt(xmlText(one.details));
      }
      if (one.state === 'skipped') testcase.ele('skipped', { message: xmlText(one.message) });
      if (one.told !== undefined) testcase.ele('system-out').txt(xmlText(one.told));
    }
  }
  return `${document.end({ prettyPrint: true })}\n`;
}

interface Case {
  name: string;
  state: 'passed' | 'failed' | 'skipped' | 'error';
  message: string;
  details: string;
  /** What is said of a case that passed. */
  told?: string;
}

interface Suite {
  name: string;
  /** Figures of an arm, whatever its thresholds are. */
  properties?: [name: string, value: string][];
  cases: Case[];
}

function suiteOf(arm: ArmView, view: View, { expect = false, inconclusiveFails = false }: JunitOptions): Suite {
  const findings = view.findings.filter((finding) => finding.arm === arm.name && finding.severity === arm.verdict);
  const reason =
    findings
      .map(({ message }) => message)
      .slice(0, 3)
      .join(' ') || arm.sentences[0];
  const unproven = inconclusiveFails ? 'error' : 'skipped';
  const thresholds = arm.thresholds.map(({ name, limit, measured, ok }): Case => {
    if (measured === null) return { name, state: 'skipped', message: 'It could not be measured.', details: '' };
    const message = `${measured}, the limit is ${limit}`;
    if (!ok) return { name, state: 'failed', message, details: message };
    return { name, state: arm.verdict === 'inconclusive' ? unproven : 'passed', message: reason, details: message };
  });
  const verdict: Case = {
    name: 'verdict',
    state: { pass: 'passed', fail: 'failed', inconclusive: unproven }[arm.verdict] as Case['state'],
    message: arm.verdict === 'pass' ? '' : reason,
    details: [
      ...arm.sentences,
      '',
      ...findings.map(
        ({ code, restart, message, hint }) =>
          `${code}${restart === null ? '' : ` (restart ${restart})`}: ${message} ${hint}`,
      ),
    ].join('\n'),
  };
  // A restart that was not done is not a success, and a pass says how long clients waited.
  if (arm.verdict === 'pass') {
    const told = [
      ...(arm.slowed ? [`Pass, but clients waited up to ${msText(arm.longestWaitMs)}.`] : []),
      ...(arm.restarts.some(({ undone }) => undone !== null) ? arm.sentences : []),
    ];
    if (told.length > 0) verdict.told = told.join('\n');
  }
  const expectation: Case = {
    name: 'as expected',
    state: arm.asExpected ? 'passed' : 'failed',
    message: arm.surprises.join(' '),
    details: arm.surprises.join('\n'),
  };
  const judged = [...thresholds, verdict].map((one) => (expect && arm.asExpected ? forgiven(one) : one));
  return {
    name: `${view.scenario}.${arm.name}`,
    properties: [
      ['lost', String(arm.counts.lost)],
      ['longest wait', msText(arm.longestWaitMs)],
      ['stalled', msText(arm.stalledMs)],
    ],
    cases: [...judged, ...(arm.expectsMore || expect ? [expectation] : [])],
  };
}

/**
 * What is not shown to be worse has passed, unless there were too few restarts to show anything. What no client meets
 * cannot fail, and is told.
 */
function pairSuitesOf(
  { pairs, measures }: ComparisonView,
  scenario: string,
  { inconclusiveFails = false }: JunitOptions,
): Suite[] {
  return pairs.map((pair) => {
    const { other, outcome, sentence } = pair;
    const passed: Case['state'] = outcome !== 'unclear' ? 'passed' : inconclusiveFails ? 'error' : 'skipped';
    const cases = measures.flatMap(({ measure, label, pairs: compared }): Case[] =>
      compared
        .filter((one) => isSamePair(one, pair))
        .map((one): Case => {
          const failed = one.outcome === 'worse' && isMet(measure);
          return {
            name: label,
            state: failed ? 'failed' : one.outcome === 'not-measured' ? 'skipped' : passed,
            message: one.sentence,
            details: one.sentence,
            ...(one.outcome === 'worse' && !failed ? { told: one.sentence } : {}),
          };
        }),
    );
    return {
      name: `${scenario}.${other}`,
      cases: [
        ...cases,
        { name: 'verdict', state: outcome === 'worse' ? 'failed' : passed, message: sentence, details: sentence },
      ],
    };
  });
}

/** A case of an arm that ended as its scenario expects. */
function forgiven(one: Case): Case {
  return one.state === 'failed' || one.state === 'error'
    ? { ...one, state: 'skipped', message: `As the scenario expects: ${one.message}` }
    : one;
}

function totalsOf(cases: readonly Case[]): { tests: number; failures: number; errors: number; skipped: number } {
  const of = (state: Case['state']): number => cases.filter((one) => one.state === state).length;
  return { tests: cases.length, failures: of('failed'), errors: of('error'), skipped: of('skipped') };
}

const secondsText = (ms: number): string => (ms / 1000).toFixed(3);

/** Text without the characters that XML 1.0 forbids, which no reader would accept even escaped. */
export function xmlText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff\p{Surrogate}]/gu, '\ufffd');
}

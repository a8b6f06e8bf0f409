import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { create } from 'xmlbuilder2';
import { junitXml, xmlText, type JunitOptions } from '../../../src/report/text/junit.ts';
import { viewOf } from '../../../src/report/view/view-of.ts';
import { HOSTILE, recordedJudgement } from '../recorded.ts';
import { pythonWith } from '../../needs.ts';
import { comparedView, sampleView } from '../sample.ts';

const python = pythonWith('junitparser');

interface Node {
  [name: string]: string | Node | Node[] | undefined;
}
const list = (node: string | Node | Node[] | undefined): Node[] =>
  node === undefined || typeof node === 'string' ? [] : Array.isArray(node) ? node : [node];
const parsed = (xml: string): Node =>
  (create(xml).end({ format: 'object' }) as unknown as { testsuites: Node }).testsuites;

describe('junitXml', () => {
  it('is read back as suites of arms with cases of thresholds', () => {
    const root = parsed(junitXml(sampleView()));
    const suites = list(root['testsuite']);
    expect(suites.map((suite) => suite['@name'])).toEqual(['demo.stop-start', 'demo.handoff', 'demo.cluster']);
    expect(list(suites[0]?.['testcase']).map((testcase) => testcase['@name'])).toEqual([
      'lost',
      'gap',
      'spikes',
      'verdict',
      'as expected',
    ]);
    expect(list(suites[1]?.['testcase']).map((testcase) => testcase['@name'])).toEqual([
      'lost',
      'gap',
      'spikes',
      'verdict',
    ]);
    expect(suites.map((suite) => [suite['@failures'], suite['@skipped']])).toEqual([
      ['3', '1'],
      ['1', '0'],
      ['1', '3'],
    ]);
    expect(root['@tests']).toBe('14');
    expect(root['@failures']).toBe('5');
  });

  it('has what the scenario expects as a case that fails with what is missing', () => {
    const view = sampleView();
    Object.assign(view.arms[0] ?? {}, {
      asExpected: false,
      surprises: ['The finding gap-too-long was expected and is missing.'],
    });
    const [first] = list(parsed(junitXml(view))['testsuite']);
    const expectation = list(first?.['testcase']).find((testcase) => testcase['@name'] === 'as expected');
    expect(list(expectation?.['failure'])[0]?.['@message']).toBe(
      'The finding gap-too-long was expected and is missing.',
    );
  });

  it('skips what is inconclusive, with the reason', () => {
    const [, , cluster] = list(parsed(junitXml(sampleView()))['testsuite']);
    const verdict = list(cluster?.['testcase']).find((testcase) => testcase['@name'] === 'verdict');
    expect(list(verdict?.['skipped'])[0]?.['@message']).toContain('Only 12 restarts');
  });

  it('takes nothing of an inconclusive arm for passed', () => {
    const view = sampleView();
    view.arms[2]?.thresholds.forEach((threshold) => Object.assign(threshold, { ok: true, measured: '0' }));
    const states = (options: JunitOptions): string[] =>
      list(list(parsed(junitXml(view, options))['testsuite'])[2]?.['testcase']).map(
        (testcase) => ['failure', 'error', 'skipped'].find((state) => state in testcase) ?? 'passed',
      );
    expect(states({})).toEqual(['skipped', 'skipped', 'skipped', 'skipped', 'passed']);
    expect(states({ inconclusiveFails: true })).toEqual(['error', 'error', 'error', 'error', 'passed']);
  });

  it('tells of a pass in which restarts were not done', () => {
    const view = sampleView();
    const outputs = (): unknown[] =>
      list(parsed(junitXml(view))['testsuite']).flatMap((suite) =>
        list(suite['testcase']).flatMap((testcase) => testcase['system-out'] ?? []),
      );
    expect(outputs()).toEqual([]);
    for (const arm of view.arms) for (const restart of arm.restarts) restart.undone = 'not done';
    expect(outputs()).toEqual([view.arms[1]?.sentences.join('\n')]);
  });

  it('forgives what a scenario expects, when it is asked to', () => {
    const root = parsed(junitXml(sampleView(), { expect: true }));
    expect(root['@failures']).toBe('0');
    const verdict = list(list(root['testsuite'])[0]?.['testcase']).find((testcase) => testcase['@name'] === 'verdict');
    expect(list(verdict?.['skipped'])[0]?.['@message']).toMatch(/^As the scenario expects: /);
  });

  const statesOf = (suite: Node | undefined): (string | undefined)[][] =>
    list(suite?.['testcase']).map((testcase) => [
      testcase['@name'] as string,
      ['failure', 'error', 'skipped'].find((state) => state in testcase) ?? 'passed',
    ]);

  it('has a suite for each pair where differences are judged, and a case for each measure', () => {
    const view = comparedView();
    const suites = list(parsed(junitXml(view))['testsuite']);
    expect(suites.map((suite) => suite['@name'])).toEqual(['demo.handoff', 'demo.cluster']);
    expect(statesOf(suites[0])).toEqual([
      ['dirty restarts', 'passed'],
      ['longest gap', 'passed'],
      ['stall time', 'failure'],
      ['p99 in restarts', 'failure'],
      ['drain time', 'passed'],
      ['verdict', 'failure'],
    ]);
    expect(list(suites[0]?.['testcase'])[4]?.['system-out']).toMatch(/^Drain time: worse, /);
    expect(list(list(suites[0]?.['testcase'])[5]?.['failure'])[0]?.['@message']).toMatch(
      /^handoff drops requests in fewer restarts than stop-start .*, but worse in stall time /,
    );
  });

  it('has passed nothing where there were too few restarts to tell', () => {
    const view = comparedView({ restarts: 2, arms: 2 });
    const states = (options: JunitOptions): unknown[] =>
      statesOf(list(parsed(junitXml(view, options))['testsuite'])[0]).map(([, state]) => state);
    expect(states({})).toEqual(Array.from({ length: 6 }, () => 'skipped'));
    expect(states({ inconclusiveFails: true })).toEqual(Array.from({ length: 6 }, () => 'error'));
  });

  it.runIf(python).each([
    ['arms', sampleView(), ['demo.stop-start', 'demo.handoff', 'demo.cluster']],
    ['pairs', comparedView(), ['demo.handoff', 'demo.cluster']],
    ['pairs of few restarts', comparedView({ restarts: 2 }), ['demo.handoff', 'demo.cluster']],
  ])('is read by a parser that CI tools use: %s', (_, view, names) => {
    const script =
      'import sys, json; from junitparser import JUnitXml; x = JUnitXml.fromstring(sys.stdin.buffer.read()); ' +
      'print(json.dumps([[s.name, s.tests, s.failures, s.errors, s.skipped, [[c.classname, c.name, [r._tag for r ' +
      'in c.result]] for c in s]] for s in x]))';
    const suites = JSON.parse(
      execFileSync(python as string, ['-c', script], {
        input: junitXml(view, { inconclusiveFails: true }),
        encoding: 'utf8',
      }),
    ) as [string, number, number, number, number, [string, string, string[]][]][];
    expect(suites.map(([name]) => name)).toEqual(names);
    for (const [name, tests, failures, errors, skipped, cases] of suites) {
      const count = (tag: string): number => cases.filter(([, , results]) => results.includes(tag)).length;
      expect([tests, failures, errors, skipped]).toEqual([
        cases.length,
        count('failure'),
        count('error'),
        count('skipped'),
      ]);
      expect(cases.every(([classname]) => classname === name)).toBe(true);
    }
  });

  it('keeps hostile text as text', () => {
    const xml = junitXml(viewOf(recordedJudgement(HOSTILE)));
    expect(() => parsed(xml)).not.toThrow();
    const hostile = sampleView({ arms: 1 });
    hostile.findings.forEach((finding) => (finding.message = `${HOSTILE}\u0000]]>`));
    const text = create(junitXml(hostile)).root().toString();
    expect(text).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect((create(junitXml(hostile)).root().node as { textContent: string | null }).textContent).toContain(
      '</script><script>alert(1)</script>',
    );
  });

  it('drops what XML forbids', () => {
    expect(xmlText('a\u0000b\u001bc\ud800d\ufffee\tf\n')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\tf\n');
    expect(xmlText('😀')).toBe('😀');
  });
});

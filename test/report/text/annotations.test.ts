import { describe, expect, it } from 'vitest';
import { annotationLines } from '../../../src/report/text/annotations.ts';
import { comparedView, sampleView } from '../sample.ts';

/** As the runner of GitHub Actions reads a line: the command, its title and its message. */
function readBack(line: string): { command: string; title: string; message: string } {
  const [, command = '', title = '', message = ''] = /^::(\w+) title=([^:,]*)::(.*)$/.exec(line) ?? [];
  const data = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  return { command, title: data(title.replaceAll('%3A', ':').replaceAll('%2C', ',')), message: data(message) };
}

const finding = {
  code: 'requests-lost',
  severity: 'fail' as const,
  arm: 'stop-start',
  restart: 3,
  message: 'lost',
  hint: 'mend it',
};

describe('annotationLines', () => {
  it('tells the reasons, gravest first, and no notes', () => {
    const view = {
      ...sampleView(),
      findings: [
        finding,
        { ...finding, severity: 'inconclusive' as const, arm: 'cluster', restart: null },
        { ...finding, severity: 'note' as const },
      ],
    };
    expect(annotationLines(view).map(readBack)).toEqual([
      { command: 'error', title: 'Fail: demo, stop-start, restart 3', message: 'lost mend it' },
      { command: 'warning', title: 'Inconclusive: demo, cluster', message: 'lost mend it' },
    ]);
  });

  it('tells what is worse where differences are judged, and nothing that a run found out by itself', () => {
    const lines = annotationLines(comparedView()).map(readBack);
    expect(lines.map(({ command, title }) => [command, title])).toEqual([
      ['error', 'Fail: demo, handoff'],
      ['error', 'Fail: demo, cluster'],
    ]);
    expect(lines[0]?.message).toContain('but worse in stall time');
  });

  it('stops at ten, and says how many there are besides', () => {
    const lines = annotationLines({ ...sampleView(), findings: Array.from({ length: 25 }, () => finding) });
    expect(lines).toHaveLength(10);
    expect(readBack(lines[9] ?? '')).toMatchObject({ command: 'notice', message: '16 more in the report.' });
  });

  it('never lets a message begin a command of its own', () => {
    const message = 'x\n::set-env name=PATH::/evil\r\n::error::%0A';
    const lines = annotationLines({ ...sampleView(), findings: [{ ...finding, message, arm: 'a,b:c::d' }] });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\r\n]/);
    expect(readBack(lines[0] ?? '')).toMatchObject({
      title: 'Fail: demo, a,b:c::d, restart 3',
      message: `${message.replace(/^::/gm, '\\x3a:')} mend it`,
    });
  });

  it('says nothing of an arm that ends as its scenario expects, and why one does not', () => {
    const view = { ...sampleView(), findings: [finding, { ...finding, arm: 'cluster' }] };
    for (const arm of view.arms) arm.asExpected = arm.name !== 'cluster';
    Object.assign(view.arms[2] ?? {}, { surprises: ['It passed.'] });
    expect(annotationLines(view, { expect: true }).map(readBack)).toEqual([
      { command: 'error', title: 'demo, cluster: not as expected', message: 'It passed.' },
      { command: 'error', title: 'Fail: demo, cluster, restart 3', message: 'lost mend it' },
    ]);
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { chartScript, clientScript } from '../../../src/report/page/script.ts';

describe('the scripts of the page', () => {
  it('join into one module without imports or names declared twice', () => {
    const script = clientScript();
    expect(script).not.toMatch(/^\s*import /m);
    execFileSync(process.execPath, ['--input-type=module', '--check'], { input: script });
  });

  it('hold Chart.js as one script that asks for no map', () => {
    expect(chartScript()).toContain('Chart.js v4');
    expect(chartScript()).not.toContain('sourceMappingURL');
  });
});

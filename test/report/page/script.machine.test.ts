import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { chartScript, clientScript } from '../../../src/report/page/script.ts';

describe('the scripts of the page', () => {
  it('are bundled into one module without imports', () => {
    const script = clientScript();
    expect(script).not.toMatch(/^\s*import /m);
    execFileSync(process.execPath, ['--input-type=module', '--check'], { input: script });
  });

  it('hold Chart.js as one script that asks for no map', () => {
    expect(chartScript()).toContain('Chart.js v4');
    expect(chartScript()).not.toContain('sourceMappingURL');
  });
});

/** False alarms: many restarts of a target that is known to lose nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadScenario } from '../../../src/run/load.ts';
import { run } from '../../../src/run/run.ts';
import { fixed, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';

const SCENARIO = fileURLToPath(new URL('../../../scenarios/node/signal-handoff.yaml', import.meta.url));

export async function falseAlarms({ restarts }: BenchOptions): Promise<Figures> {
  const outDir = mkdtempSync(join(tmpdir(), 'zerodrop-bench-'));
  const { result } = await run(await loadScenario(SCENARIO, { restart: { count: restarts, quiet: '300ms' } }), {
    outDir,
  });
  rmSync(outDir, { recursive: true });
  const [arm] = result.arms;
  if (arm === undefined) throw new Error('the run has no arm');
  const { due, lost, raced, rejected, failed, unsent } = arm.requests;
  return {
    about:
      'scenarios/node/signal-handoff.yaml: the old process hands over its socket and drains. Nothing may be ' +
      'lost or raced.',
    head: ['restarts', 'proven', 'requests', 'lost', 'raced', 'rejected', 'failed', 'unsent', 'verdict'],
    rows: [
      [
        arm.restarts.length,
        arm.restarts.filter(({ proven }) => proven).length,
        due.toLocaleString('en-US'),
        lost,
        raced,
        rejected,
        failed,
        unsent,
        result.verdict,
      ],
    ],
    notes: [
      `With ${arm.confidence.dirty} dirty of ${arm.confidence.restarts} restarts, at most ` +
        `${fixed(arm.confidence.dirtyUpper95 * 100)} % of such restarts are (95 %).`,
      ...result.findings.filter(({ severity }) => severity !== 'note').map(({ message }) => message),
    ],
  };
}

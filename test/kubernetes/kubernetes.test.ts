/**
 * What needs a real Kubernetes, on one cluster that is brought up once.
 *
 * Rule: a suite leaves the cluster as it found it.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { bringUp, canHaveLab, type Lab } from './lab.ts';
import { labSuite } from './lab-suite.ts';
import { runSuite } from './run-suite.ts';
import { watchSuite } from './watch-suite.ts';

describe.skipIf(!canHaveLab())('Kubernetes', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await bringUp();
  }, 300_000);
  afterAll(() => lab.down(), 60_000);

  labSuite(() => lab);
  watchSuite(() => lab);
  runSuite(() => lab);
});

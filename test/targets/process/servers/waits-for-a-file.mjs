// A pod that ends with an error as long as the file WAIT_FOR is not there: what it needs is not migrated yet.
import { existsSync } from 'node:fs';

const { WAIT_FOR } = process.env;
if (WAIT_FOR !== undefined && !existsSync(WAIT_FOR)) {
  console.error('not migrated yet');
  process.exit(1);
}
await import('../../../../scenarios/targets/fleet/pod.mjs');

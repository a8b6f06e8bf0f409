// Owns a target through a warden, says so, and waits to be killed. Arguments: token, server.
import { startWarden } from '../../dist/processes/warden.js';
import { openScratch } from '../../dist/processes/scratch.js';
import { openTarget } from '../../dist/targets/open.js';
import { Restart } from '../../dist/model/restart.js';
import { Target } from '../../dist/model/scenario.js';

const [, , token, server, farewell] = process.argv;
const warden = await startWarden(token);
const scratch = openScratch(warden);
const chronicle = { nowMs: () => performance.now(), instance() {}, moment() {}, step() {}, fact() {} };
const source = {
  command: [process.execPath, server],
  environment: { SCRUB: '1', ON_TERM: 'ignore' },
  stop_grace_period: '200ms',
};
const target = await openTarget({
  arm: { target: Target.parse(source), restart: Restart.parse({ strategy: 'stop-start' }) },
  inheritsSocket: false,
  token,
  warden,
  variables: {},
  chronicle,
});
await target.startFirst();
if (farewell === 'farewell') {
  await target.close();
  await warden.close();
  scratch.remove();
} else {
  console.log(JSON.stringify({ warden: warden.pid, origin: target.origin, scratch: scratch.ofArm(0) }));
  setInterval(() => undefined, 1000);
}

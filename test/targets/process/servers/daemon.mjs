// Starts the real server in a session of its own and ends, as daemons do. SCRUB: without the environment that marks it.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const env = process.env.SCRUB === undefined ? process.env : { PATH: process.env.PATH, PORT: process.env.PORT };
const child = spawn(process.execPath, [new URL('plain.mjs', import.meta.url).pathname], {
  detached: true,
  stdio: 'ignore',
  env,
});
if (process.env.PID_FILE !== undefined) writeFileSync(process.env.PID_FILE, `${child.pid}\n`);
// The server listens before its parent goes, as with nginx.
const wait = async () => {
  while (
    !(await fetch(`http://127.0.0.1:${process.env.PORT}/`).then(
      () => true,
      () => false,
    ))
  );
};
await wait();
process.exit(0);

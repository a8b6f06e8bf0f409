/** Compiles `src` before the tests: child processes (agents, pressure, warden) run compiled code. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

export default function build(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}

/**
 * Builds `src` before the tests, where it has changed: child processes (agents, pressure, warden) run compiled code.
 */
import { execSync } from 'node:child_process';

export default function build(): void {
  execSync('node build.mjs', { stdio: 'inherit' });
}

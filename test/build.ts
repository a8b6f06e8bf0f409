/** Builds `src` before the tests: child processes (agents, pressure, warden) run compiled code. */
import { execSync } from 'node:child_process';

export default function build(): void {
  execSync('npm run build --silent', { stdio: 'inherit' });
}

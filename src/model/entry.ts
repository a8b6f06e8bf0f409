/**
 * Where the compiled entry of a child process lies.
 *
 * Rule: child processes always run compiled code, also when their owner runs from source under a test runner.
 */
import { fileURLToPath } from 'node:url';

/** Absolute path of a compiled module, named without extension as seen from `src`, such as `traffic/agent/main`. */
export function entryPath(module: string): string {
  return fileURLToPath(new URL(`../../dist/${module}.js`, import.meta.url));
}

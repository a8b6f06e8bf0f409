/**
 * A scenario that is a TypeScript or JavaScript module: its default export.
 *
 * Rule: `import { defineScenario } from 'zerodrop'` works in any folder, installed there or not. Nothing is written to
 * disk.
 */
import { createJiti } from 'jiti';
import { defineScenario } from './define.ts';

/** Runs a module and returns its default export, or what went wrong in words. */
export async function exportedBy(path: string): Promise<{ value: unknown } | { problem: string[] }> {
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    virtualModules: { zerodrop: { defineScenario } },
  });
  try {
    const module = await jiti.import<Record<string, unknown>>(path);
    if ('default' in module) return { value: module.default };
    return {
      problem: ['expected a default export, such as export default defineScenario({...}); got a module without one'],
    };
  } catch (error) {
    return { problem: reasonLines(error, path) };
  }
}

/** The error's message, and where in the file it came from, when its stack tells. */
function reasonLines(error: unknown, path: string): string[] {
  if (!(error instanceof Error)) return [`the module threw ${String(error)}`];
  const [first = '', ...more] = error.message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const at = (error.stack ?? '').split('\n').find((line) => line.trim().startsWith('at ') && line.includes(path));
  return [`the module could not be run: ${first}`, ...more, ...(at === undefined ? [] : [at.trim()])];
}

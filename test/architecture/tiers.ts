/**
 * Into which tier a test belongs, and what a unit test must not reach.
 *
 * Rule: the name decides. Tests of the whole have folders of their own; elsewhere `*.machine.test.ts` starts processes
 * or opens sockets, and every other `*.test.ts` is a unit test, which does neither, nor does any module that it loads.
 */
import { posix } from 'node:path';
import { DOING, importsOf, type Sources } from './rules.ts';

/** Folders whose tests start zerodrop, a browser or servers, and may take their time. */
const WHOLE_FOLDERS = ['browser', 'cli', 'gallery', 'kubernetes', 'package', 'scenarios', 'truth'];

/** The patterns of vitest's projects. */
export const WHOLE = WHOLE_FOLDERS.map((folder) => `test/${folder}/**/*.test.ts`);
export const MACHINE = 'test/**/*.machine.test.ts';

/** Whether the test of this path, such as `test/judge/judge.test.ts`, is a unit test. */
export function isUnitTest(path: string): boolean {
  return (
    path.endsWith('.test.ts') &&
    !path.endsWith('.machine.test.ts') &&
    !WHOLE_FOLDERS.some((folder) => path.startsWith(`test/${folder}/`))
  );
}

/**
 * Unit tests that can start a process or open a socket, each with the module by which it can. Paths begin with
 * src or test.
 */
export function unitTestsThatDo(sources: Sources): string[] {
  const doing = new Map<string, string | undefined>();
  const wayOf = (path: string): string | undefined => {
    if (doing.has(path)) return doing.get(path);
    doing.set(path, undefined); // A ring of imports ends here.
    for (const specifier of loadedBy(sources.get(path) ?? '')) {
      const way = specifier.startsWith('.')
        ? wayOf(posix.join(posix.dirname(path), specifier))
        : isDoing(specifier)
          ? `${path} imports ${specifier}`
          : undefined;
      if (way === undefined) continue;
      doing.set(path, way);
      return way;
    }
    return undefined;
  };
  return [...sources.keys()].filter(isUnitTest).flatMap((path) => {
    const way = wayOf(path);
    return way === undefined ? [] : [`${path}: ${way}`];
  });
}

function isDoing(specifier: string): boolean {
  const name = specifier.replace(/^node:/, '').split('/')[0] as string;
  return DOING.includes(name) || name === 'playwright-core';
}

/** The modules that are loaded when this one is. Types are not, and what a call imports may be. */
function loadedBy(source: string): string[] {
  return importsOf(source.replace(/^(?:import|export) type [^;]*;/gm, ''));
}

/**
 * The folders that an arm names.
 *
 * Rule: one home for where they stand, so that none is forgotten when paths are resolved or written out.
 */
import type { Arm } from './scenario.ts';

/** An arm with each of its working folders changed. */
export function withFolders<T extends Pick<Arm, 'target' | 'services'>>(arm: T, change: (folder: string) => string): T {
  const services = Object.entries(arm.services).map(
    ([name, service]) => [name, { ...service, working_dir: change(service.working_dir) }] as const,
  );
  return {
    ...arm,
    target: { ...arm.target, working_dir: change(arm.target.working_dir) },
    services: Object.fromEntries(services),
  };
}

/**
 * Every error that a user can meet: a code, what happened with values, the next thing to do, and the exit code.
 *
 * Rule: a user's mistake is a ZerodropError. The target's fault is a finding, never an exception, except that a target
 * which never becomes healthy leaves nothing to judge. Anything else that is thrown is our own bug and ends with 70.
 */

/** Exit codes of the command line; a contract. */
export const EXIT = { pass: 0, fail: 1, inconclusive: 2, usage: 64, unhealthy: 69, bug: 70, interrupted: 130 } as const;

const EXIT_OF_CODE = {
  'bad-arguments': EXIT.usage,
  'bad-scenario': EXIT.usage,
  'scenario-not-found': EXIT.usage,
  'unknown-strategy': EXIT.usage,
  'port-taken': EXIT.usage,
  'not-linux': EXIT.usage,
  'command-not-found': EXIT.usage,
  'program-missing': EXIT.unhealthy,
  'build-failed': EXIT.usage,
  'file-exists': EXIT.usage,
  'run-not-found': EXIT.usage,
  'other-schema': EXIT.usage,
  'damaged-run': EXIT.usage,
  'not-comparable': EXIT.usage,
  'cannot-write': EXIT.usage,
  'too-few-descriptors': EXIT.usage,
  'target-died-at-start': EXIT.unhealthy,
  'target-not-healthy': EXIT.unhealthy,
  'service-not-healthy': EXIT.unhealthy,
  'package-missing': EXIT.unhealthy,
  'bad-kubeconfig': EXIT.usage,
  'context-not-found': EXIT.usage,
  'workload-not-found': EXIT.usage,
  'not-allowed': EXIT.usage,
  'cluster-unreachable': EXIT.unhealthy,
  'cluster-refused': EXIT.unhealthy,
} as const;

export type ErrorCode = keyof typeof EXIT_OF_CODE;

/**
 * A mistake or a bad day that the user can do something about. `details` are further lines, such as a target's last
 * output.
 */
export class ZerodropError extends Error {
  override readonly name = 'ZerodropError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: readonly string[];
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, hint: string, details: readonly string[] = []) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.details = details;
    this.exitCode = EXIT_OF_CODE[code];
  }

  /** The same error without secrets; the lines of a target's output are among its details. */
  masked(mask: { text(text: string): string; value(lines: string[]): string[] }): ZerodropError {
    return new ZerodropError(this.code, mask.text(this.message), mask.text(this.hint), mask.value([...this.details]));
  }
}

/** What the system refused for want of descriptors, in words; undefined for every other error. */
export function tooFewDescriptors(error: unknown): ZerodropError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EMFILE' && code !== 'ENFILE') return undefined;
  return new ZerodropError(
    'too-few-descriptors',
    `there are not enough file descriptors (${code})`,
    'Raise the limit, for example with ulimit -n 4096; zerodrop doctor says how many a scenario needs.',
  );
}

const REASONS: Readonly<Record<string, [string, string]>> = {
  ENOSPC: ['the disk is full', 'Free some space, or choose a folder on another disk with --out-dir.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, or choose a folder on another disk with --out-dir.'],
  EACCES: ['there is no permission to write there', 'Choose a folder that you may write to with --out-dir.'],
  EPERM: ['there is no permission to write there', 'Choose a folder that you may write to with --out-dir.'],
  EROFS: ['the file system is read-only', 'Choose a folder that can be written to with --out-dir.'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Choose another folder with --out-dir.'],
  ENOENT: ['the folder does not exist', 'Make the folder first, or choose another one with --out-dir.'],
  EISDIR: ['there is a folder of that name', 'Choose another path.'],
};

/**
 * What the file system refused, in words. Anything that did not come from the file system is our own bug and is passed
 * on.
 */
export function cannotWrite(path: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const [words, hint] = REASONS[code] ?? [`the file system says ${code}`, 'Choose another folder with --out-dir.'];
  return new ZerodropError('cannot-write', `${path} cannot be written: ${words} (${code})`, hint);
}

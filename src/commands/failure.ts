/**
 * Says on the terminal what went wrong.
 *
 * Rule: what the user can mend comes in words with the next thing to do; only our own bugs show a stack.
 */
import pc from 'picocolors';
import { EXIT, tooFewDescriptors, ZerodropError } from '../errors.ts';
import { maskOf } from '../model/secrets/mask.ts';
import { secretsIn } from '../model/secrets/values.ts';
import { oneLine } from '../report/text/terminal.ts';

/** Prints an error to stderr and returns the exit code that goes with it. */
export function printFailure(thrown: unknown): number {
  const error = tooFewDescriptors(thrown) ?? thrown;
  if (!(error instanceof ZerodropError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const shown = maskOf(secretsIn({}, process.env)).text(stack);
    process.stderr.write(
      `${pc.red('zerodrop has a bug:')} ${oneLine(shown)}\nPlease report it, with the command and the scenario.\n`,
    );
    return EXIT.bug;
  }
  const lines = [
    `${pc.red('zerodrop:')} ${oneLine(error.message)}`,
    ...error.details.map((detail) => `  ${oneLine(detail)}`),
    `  ${pc.dim('→')} ${oneLine(error.hint)}`,
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  return error.exitCode;
}

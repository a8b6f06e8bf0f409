/**
 * What to do about a target that runs and listens, but not where clients are sent.
 *
 * Rule: it says what the kernel shows that the target opened; nothing is guessed from its words.
 */
import type { Opened } from '../../processes/opened.ts';

/** The next step, when none of the sockets that a target opened is at the origin; undefined when it opened none. */
export function elsewhereHint(opened: readonly Opened[], origin: string): string | undefined {
  const { hostname, port, protocol } = new URL(origin);
  const here = opened.find((one) => String(one.port) === port);
  if (here !== undefined) {
    return here.host === hostname
      ? undefined
      : `It listens at ${here.host}:${port} only, not at ${hostname}: write ` +
          `\`url: ${protocol}//${here.host}:\${PORT}\`, or let it listen on ${hostname}.`;
  }
  const [first] = opened;
  if (first === undefined) return undefined;
  const ports = opened.map((one) => one.port).join(' and ');
  return (
    `It listens on port ${ports}, not on \${PORT} (${port}): give it the port that zerodrop chose, such as ` +
    '`environment: {PORT: "${PORT}"}`, or by an option of its command.'
  );
}

/**
 * The certificate files of a target, read into text.
 *
 * Rule: read once for each start of a target; a file that cannot be read is the user's mistake and has a code.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ZerodropError } from '../errors.ts';
import type { TlsSettings } from '../model/plan.ts';
import type { Target } from '../model/scenario.ts';

/** What clients of this target trust and present. Throws ZerodropError `bad-scenario`. */
export function tlsOf(target: Target): TlsSettings {
  const read = (field: string, path: string): string => {
    try {
      return readFileSync(resolve(target.working_dir, path), 'utf8');
    } catch (error) {
      throw new ZerodropError(
        'bad-scenario',
        `target.${field} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)} (${path}).`,
        `Correct target.${field}; it is relative to target.working_dir.`,
      );
    }
  };
  const { insecure_skip_verify: anyCertificate, ca, client_certificate: own, server_name: serverName } = target;
  return {
    ...(anyCertificate === true ? { anyCertificate } : {}),
    ...(ca === undefined ? {} : { ca: read('ca', ca) }),
    ...(own === undefined
      ? {}
      : { cert: read('client_certificate.cert', own.cert), key: read('client_certificate.key', own.key) }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

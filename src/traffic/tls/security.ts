/**
 * How a client's connections are secured: what is trusted, presented and asked for.
 *
 * Rule: one place for all clients, so that each meets the same certificate in the same way.
 */
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { TlsSettings } from '../../model/plan.ts';

/** The settings as options of node:tls; without a name, the one of the address that is connected to is used. */
export function securityOf({ anyCertificate, ca, cert, key, serverName }: TlsSettings = {}): ConnectionOptions {
  return {
    rejectUnauthorized: anyCertificate !== true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

/** What connections of one client share: the options of each, and the last session that the target offered. */
export class Security {
  readonly #options: ConnectionOptions;
  readonly #resumes: boolean;
  #session: Buffer | undefined;

  /** `host` is the host of the origin, looked for in the certificate; `protocols` are offered by ALPN. */
  constructor(settings: TlsSettings, host: string, protocols: string[]) {
    const name = settings.serverName ?? host;
    this.#options = {
      ...securityOf(settings),
      host: name,
      // SNI names hosts, never addresses (RFC 6066 3).
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ALPNProtocols: protocols,
    };
    this.#resumes = settings.fullHandshakes !== true;
  }

  /** The options of the next connection. */
  options(): ConnectionOptions {
    return this.#session === undefined ? this.#options : { ...this.#options, session: this.#session };
  }

  /** The target offered a session. */
  offered(session: Buffer): void {
    if (this.#resumes) this.#session = session;
  }
}

/** What went wrong with a handshake, in words that name the side and the reason. */
export function handshakeProblem({ code = '', message }: NodeJS.ErrnoException): string {
  if (code.startsWith('ERR_SSL_')) return `TLS: ${reasonOf(message)}`;
  return `TLS: the certificate of the target is not accepted: ${message} (${code})`;
}

/** OpenSSL's own words out of such as "C0E7:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert ...:...". */
function reasonOf(message: string): string {
  return message.split(':')[5] ?? message;
}

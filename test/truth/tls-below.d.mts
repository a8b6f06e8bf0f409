/** The types of tls-below.mjs, for tests in TypeScript. */
import type { Socket } from 'node:net';

export interface Secured {
  write(bytes: Uint8Array | string, written?: () => void): unknown;
  notify(): void;
  end(text?: string): void;
  destroy(): void;
  resetAndDestroy(): void;
  on(event: 'data', act: (bytes: Buffer) => void): this;
  on(event: 'close', act: () => void): this;
}

export function securing(options: { key: string; cert: string; ALPNProtocols?: string[] }): (tcp: Socket) => Secured;
export const IN_HANDSHAKE: Readonly<Record<string, (tcp: Socket) => unknown>>;

/**
 * Where a process writes: a pipe that we read. Its standard output and error are both this one, so that lines keep
 * their order.
 *
 * Rule: a pipe and not a socket, which is what Node would give: a program may open /dev/stdout or /dev/stderr by its
 * path (nginx, gunicorn, shell scripts and nearly every container do), and the kernel refuses that for sockets. Not a
 * file either: it would grow, and whoever opens it anew would cut it or write over what stands there. Read at once and
 * kept by nobody, it never fills up.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface Outlet {
  /** What the process is to be given as its standard output and error. */
  readonly fd: number;
  readonly stream: Readable;
  /** To be called when the process has it: from then on the stream ends with the last process that writes there. */
  handedOver(): void;
  /** Takes it back unused. */
  close(): void;
}

/** Opens an outlet; undefined on a system without mkfifo, where Node's own socket must do. */
export async function openOutlet(): Promise<Outlet | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-outlet-'));
  try {
    const path = join(folder, 'pipe');
    // Writable for everybody: a server that has dropped its privileges may open its output, too. Nobody else can find
    // it.
    const maker = spawn('mkfifo', ['-m', '666', path], { stdio: 'ignore' });
    const [code] = (await once(maker, 'exit').catch(() => [undefined])) as [number | undefined];
    if (code !== 0) return undefined;
    // Without O_NONBLOCK this would wait for a writer.
    const ours = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(path, constants.O_WRONLY);
    const stream = new Socket({ fd: ours, readable: true, writable: false });
    const handedOver = (): void => {
      closeSync(fd);
    };
    return {
      fd,
      stream,
      handedOver,
      close() {
        handedOver();
        stream.destroy();
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps one outlet at hand, so that making one does not lengthen a restart. */
export interface OutletStore {
  /** Sees to it that there will be one. */
  prepare(): void;
  take(): Promise<Outlet | undefined>;
  close(): Promise<void>;
}

export function keepOutlet(): OutletStore {
  let next: Promise<Outlet | undefined> | undefined;
  const prepare = (): void => {
    next ??= openOutlet();
    // Told to whoever takes it.
    next.catch(() => undefined);
  };
  return {
    prepare,
    take() {
      prepare();
      const taken = next as Promise<Outlet | undefined>;
      next = undefined;
      return taken;
    },
    async close() {
      (await next?.catch(() => undefined))?.close();
      next = undefined;
    },
  };
}

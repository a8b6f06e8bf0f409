/**
 * A listening socket that the harness owns and instances inherit, as systemd does for a .socket unit.
 *
 * Rule: the harness never accepts on it. Node only binds it here (the handle that node:cluster shares with its
 * workers); a child that lives for a moment makes it listen, since that state belongs to the socket and not to a
 * process. From then on connections queue in the kernel, whether an instance is there or not.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { ZerodropError } from '../../errors.ts';
import type { Program } from '../../processes/command.ts';

/**
 * Longest queue of connections that nobody has accepted yet: a burst that waits for a successor must not overflow it.
 * The kernel caps it at net.core.somaxconn.
 */
const BACKLOG = 4096;
/** The first inherited descriptor, SD_LISTEN_FDS_START of sd_listen_fds(3). */
export const FIRST_FD = 3;

export interface InheritedSocket {
  /** Descriptor in this process, to be passed to an instance as descriptor 3. */
  readonly fd: number;
  close(): void;
}

interface Handle {
  fd: number;
  close(): void;
}

/** The function with which node:cluster makes the handles that it shares; a number is a negative errno. */
const createHandle = (
  net as unknown as { _createServerHandle: (address: string, port: number, family: 4 | 6) => Handle | number }
)._createServerHandle;

/** Binds and listens. Throws ZerodropError `port-taken`. */
export async function openInheritedSocket(address: string, port: number): Promise<InheritedSocket> {
  const handle = createHandle(address, port, net.isIPv6(address) ? 6 : 4);
  if (typeof handle === 'number') {
    throw new ZerodropError(
      'port-taken',
      `zerodrop cannot listen on ${address} port ${port} (error ${handle}).`,
      'Write another address or port into target.url.',
    );
  }
  await listenOnce(handle.fd);
  return {
    fd: handle.fd,
    close: () => {
      handle.close();
    },
  };
}

async function listenOnce(fd: number): Promise<void> {
  const script =
    "require('node:net').createServer()" + `.listen({ fd: ${FIRST_FD}, backlog: ${BACKLOG} }, () => process.exit(0))`;
  await succeed(spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', fd] }));
  // Node makes every socket non-blocking, for all who share it; a service that simply calls accept() expects a blocking
  // one, as systemd gives. What is handed to a child as its standard input is made blocking again.
  await succeed(spawn('/bin/sh', ['-c', ':'], { stdio: [fd, 'ignore', 'inherit'] }));
}

async function succeed(child: ReturnType<typeof spawn>): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the child that makes the inherited socket listen ended with ${code}`);
}

/** The environment of sd_listen_fds(3) but for LISTEN_PID, which only the instance itself can know. */
export const LISTEN_ENVIRONMENT: Readonly<Record<string, string>> = { LISTEN_FDS: '1', LISTEN_FDNAMES: 'http' };

/** The program, started so that LISTEN_PID is its own pid: the shell sets it and becomes the program by exec. */
export function withListenPid({ file, args }: Program): Program {
  return { file: '/bin/sh', args: ['-c', 'LISTEN_PID=$$; export LISTEN_PID; exec "$@"', 'sh', file, ...args] };
}

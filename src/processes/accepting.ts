/**
 * Whether a process waits for connections on a listening socket: it holds an inherited one from its first moment, long
 * before it accepts.
 *
 * Rule: true only when the kernel shows it: the socket is watched by one of the process's epoll instances, or a thread
 * is blocked in accept. A server that waits with poll or select cannot be told from one that is still starting.
 */
import { linkOf } from './listeners.ts';
import { namesIn, textOf } from './proc.ts';

/** The inodes that an epoll instance watches, in text of /proc/pid/fdinfo/fd. */
export function watchedIn(fdinfo: string): string[] {
  return [...fdinfo.matchAll(/\bino:([0-9a-f]+)/g)].map(([, inode]) => String(Number.parseInt(inode as string, 16)));
}

/** Whether the process can be seen waiting for connections on one of these sockets. */
export function isSeenAccepting(pid: number, inodes: ReadonlySet<string>): boolean {
  const watched = namesIn(`/proc/${pid}/fd`)
    .filter((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === 'anon_inode:[eventpoll]')
    .flatMap((fd) => watchedIn(textOf(`/proc/${pid}/fdinfo/${fd}`)));
  if (watched.some((inode) => inodes.has(inode))) return true;
  return namesIn(`/proc/${pid}/task`).some(
    (thread) => textOf(`/proc/${pid}/task/${thread}/wchan`) === 'inet_csk_accept',
  );
}

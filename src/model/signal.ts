/**
 * Signals by their names.
 *
 * Rule: the names are written out here, those of Linux, so that neither the page nor a user of the library needs the
 * types of Node.
 */
export const SIGNALS = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGIOT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGUSR1',
  'SIGSEGV',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGCHLD',
  'SIGSTKFLT',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGVTALRM',
  'SIGPROF',
  'SIGWINCH',
  'SIGIO',
  'SIGPOLL',
  'SIGPWR',
  'SIGSYS',
] as const;

export type Signal = (typeof SIGNALS)[number];

/** Whether this is the name of a signal, with its `SIG`. */
export function isSignal(name: unknown): name is Signal {
  return SIGNALS.some((signal) => signal === name);
}

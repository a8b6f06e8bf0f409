/**
 * Where a server listens: on the socket that it inherits as sd_listen_fds(3) says (from systemd, or anyone who does the
 * same), otherwise on PORT. On an inherited socket nothing needs to be lost between two processes: connections wait in
 * the kernel's queue for the next one.
 */

/**
 * What to pass to listen(). Node's own backlog of 511 is half a second of a thousand connections a second; the kernel
 * caps this at net.core.somaxconn.
 */
export function listening() {
  return { ...(inheritedSocket() ?? { port: Number(process.env.PORT ?? 8080), host: '127.0.0.1' }), backlog: 4096 };
}

/** The first socket that was passed to this very process: file descriptor 3. */
function inheritedSocket() {
  const { LISTEN_PID, LISTEN_FDS } = process.env;
  const meant = Number(LISTEN_PID) === process.pid && Number(LISTEN_FDS) >= 1;
  // Processes that we might start are not meant.
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete process.env[name];
  return meant ? { fd: 3 } : undefined;
}

/**
 * One address for a host name, found before the traffic begins.
 *
 * Rule: a name such as localhost has an IPv6 and an IPv4 address, and many servers listen on one of them only. The one
 * that accepts is kept, so that no arrival pays for a lookup and none is refused by the address that nobody meant.
 */
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';

/**
 * The first address of `host` that accepts on `port`; the first one when none does; `host` itself when it cannot be
 * looked up.
 */
export async function addressOf(host: string, port: number, withinMs: number): Promise<string> {
  if (isIP(host) !== 0) return host;
  const found = await lookup(host, { all: true }).catch(() => []);
  for (const { address } of found.length > 1 ? found : []) {
    if (await accepts(address, port, withinMs)) return address;
  }
  return found[0]?.address ?? host;
}

function accepts(address: string, port: number, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: withinMs });
    const end = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}

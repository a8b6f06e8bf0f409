/** Servers that remember their visitors over a restart, or forget them. */
import type { Conduct } from './server.ts';

/** Counts the visits of each cookie; `forgets` at the signal. */
function counting(forgets: boolean): Conduct {
  const visits = new Map<string, number>();
  let visitors = 0;
  return {
    openEach: 0,
    called(call, house) {
      const known = /^cookie: .*\bsid=(\w+)/im.exec(call.head)?.[1];
      const id = known ?? `v${visitors++}`;
      const count = (visits.get(id) ?? 0) + 1;
      visits.set(id, count);
      if (call.late) house.did(count > 1 ? 'answered' : 'failed');
      call.answer(
        JSON.stringify({ visits: count }),
        known === undefined ? `Set-Cookie: theme=dark; Path=/\r\nSet-Cookie: sid=${id}; HttpOnly\r\n` : '',
      );
    },
    signalled() {
      if (forgets) visits.clear();
    },
  };
}

export const remembers = (): Conduct => counting(false);
export const forgets = (): Conduct => counting(true);

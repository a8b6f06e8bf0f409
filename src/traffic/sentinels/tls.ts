/**
 * tls: the handshake is half done when the signal comes: the server has sent its part and waits for the client's. It
 * must complete 10 to 200 ms later and its request be answered, unless the connection was closed cleanly before.
 *
 * Rule: FIN in mid-handshake is fine, since no request was sent; RST is not.
 */
import type { Post, Scout, Sentinel, SentinelKind, Survey } from './sentinel.ts';
import { surveyOf } from './survey.ts';
import { sweptMs } from './sweep.ts';

const FIRST_MS = 10;
const LAST_MS = 200;

export const tls: SentinelKind = { name: 'tls', scheme: 'https:', survey, open: openTls };

async function survey(scout: Scout): Promise<Survey> {
  const line = scout.line({ halts: true });
  await line.halted;
  line.goOn();
  await line.opened;
  const seen = await line.ask(scout.request).ended;
  line.destroy();
  return surveyOf(scout, seen);
}

function openTls(post: Post): Sentinel {
  const line = post.line({ halts: true });

  function ended(): void {
    if (line.ending === 'fin') post.excuse(line, 'closed by the server in mid-handshake, before a request was sent');
    else void line.expect(post.request).ended.then((seen) => post.settle(seen));
  }

  return {
    async place() {
      await line.halted;
      if (!line.isOpen) return `the TLS handshake did not begin (${line.trouble})`;
      line.onEnd = ended;
      return undefined;
    },
    phase(phase) {
      if (phase !== 'signalled') return;
      // After the sockets have been read: an end that already exists came in mid-handshake, however late we look.
      post.after(FIRST_MS + sweptMs(post, LAST_MS - FIRST_MS), () => setImmediate(() => void goOn()));
    },
  };

  async function goOn(): Promise<void> {
    if (post.settled || line.ending !== 'open') return;
    line.onEnd = () => undefined;
    line.goOn();
    await line.opened;
    post.settle(await line.ask(post.request).ended);
  }
}

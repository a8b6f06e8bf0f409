/**
 * websocket: a WebSocket that is open and echoes when the signal comes. It must stay open, or end with a close frame
 * that asks the client to come back (1001 going away, 1012 service restart) and a reconnect that succeeds at once.
 *
 * Rule: an end without a close frame (1006) is `closed` or `reset`, by FIN or RST. Any other code is `failed`: it does
 * not say that the client may come back.
 */
import type { Outcome } from '../../model/outcome.ts';
import type { PlannedRequest } from '../../model/plan.ts';
import type { Post, Scout, Sentinel, SentinelKind, Survey } from './sentinel.ts';
import { WebSocketLine } from './websocket-line.ts';

const COME_BACK = new Set([1001, 1012]);
const NO_CLOSE_FRAME = 1006;

export const websocket: SentinelKind = { name: 'websocket', survey, open: openWebSocket };

/** What is expected of the answers of a path says nothing about its WebSocket. */
const upgradeOf = (request: PlannedRequest): PlannedRequest => ({ ...request, expect: { status: 101 } });

async function survey(scout: Scout): Promise<Survey> {
  const { path } = scout.request;
  const line = new WebSocketLine(scout.to, scout.request);
  await line.opened;
  const { open } = line;
  const echoes = open && (await line.echoes());
  line.destroy();
  if (!open) return { useless: true, problem: `${path} does not upgrade to a WebSocket. Name a path that does.` };
  if (!echoes) {
    return {
      useless: true,
      problem: `The WebSocket at ${path} does not send back what it is sent. Name a path that echoes.`,
    };
  }
  return { request: upgradeOf(scout.request) };
}

function openWebSocket(post: Post): Sentinel {
  const line = open();

  function open(): WebSocketLine {
    const opened = new WebSocketLine(post.to, post.request);
    post.owned(() => opened.destroy());
    return opened;
  }

  async function closed(code: number): Promise<void> {
    if (code === NO_CLOSE_FRAME) return cut(line, 'ended without a close frame (1006)');
    if (!COME_BACK.has(code)) {
      return post.settle(line.asSeen(true), {
        outcome: 'failed',
        note: `closed with ${code}, which is neither 1001 nor 1012`,
      });
    }
    const again = open();
    await again.opened;
    if (again.open && (await again.echoes())) {
      post.settle(again.asSeen(true), { note: `closed with ${code}, and the reconnect succeeded at once` });
    } else cut(again, `closed with ${code}, but the reconnect failed`);
  }

  /** It ended as no client wants it: by the rules for all requests when it never opened, else by what ended it. */
  function cut(ended: WebSocketLine, note: string): void {
    const seen = ended.asSeen();
    const outcomes: Partial<Record<typeof seen.ending, Outcome>> = {
      fin: 'closed',
      rst: 'reset',
      open: seen.deadline === undefined ? 'failed' : 'timeout',
    };
    const outcome = outcomes[seen.ending];
    post.settle(seen, outcome === undefined ? { note } : { outcome, note });
  }

  return {
    async place() {
      await line.opened;
      if (!line.open || !(await line.echoes())) return 'the WebSocket did not open and echo';
      void line.closed.then(closed);
      return undefined;
    },
    phase: () => undefined,
    async end() {
      if (line.open && (await line.echoes())) post.settle(line.asSeen(true), { note: 'still open at the end' });
      // Closed meanwhile, that tells its own story; open and mute is stuck.
      else if (line.open) cut(line, 'still open at the end, but mute');
    },
  };
}

/**
 * What becomes of the objects of one kind: listed once, then watched.
 *
 * Rule: every change is handed on once, in its order, however often the connection breaks, the API server restarts or
 * its history is too short (410). A time without a connection is handed on as a gap, which says whether states between
 * may have been missed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Refusal, Unreachable } from './refusal.ts';
import type { Cluster } from './request.ts';
import type { Resource } from './resource.ts';

/** What every object has. */
const Known = z.looseObject({
  metadata: z.looseObject({ uid: z.string(), name: z.string(), resourceVersion: z.string() }),
});
type Known = z.output<typeof Known>;

const List = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  items: z.array(Known),
});

const Line = z.looseObject({ type: z.string(), object: z.looseObject({}) });
const Bookmark = z.looseObject({ metadata: z.looseObject({ resourceVersion: z.string() }) });

/** One change, as it arrived. */
export interface Change {
  type: 'there' | 'changed' | 'gone';
  object: Known;
}

/** A time in which nothing could arrive. */
export interface Gap {
  resource: Resource;
  /** How long it lasted. */
  ms: number;
  why: string;
  /** States in between may never be seen; otherwise they only came late. */
  missed: boolean;
}

export interface WatchOptions {
  cluster: Cluster;
  resource: Resource;
  namespace: string;
  labels?: string;
  fields?: string;
  changed(change: Change): void;
  gap(gap: Gap): void;
  signal: AbortSignal;
}

/** The server ends a watch after this time, and sends a bookmark once a minute. */
const LASTS_S = 300;
const SILENCE_MS = 90_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
/** An API server that starts may not know all rights at once. */
const RIGHTS_WITHIN_MS = 15_000;
/** A watch that has not failed by then goes on. */
const CONFIRMED_AFTER_MS = 1000;
const GONE = 410;
/** It is busy, or starts: what it remembers still holds. */
const BUSY: readonly number[] = [429, 503];
const FORBIDDEN: readonly number[] = [401, 403];

/**
 * Resolves when all objects have been listed (each handed on as `there`) and are watched, and goes on until aborted.
 * Rejects with Refusal or Unreachable when they cannot be; `failed` is called when a right is taken away later.
 */
export async function watch(options: WatchOptions, failed: (refusal: Refusal) => void): Promise<void> {
  const { cluster, resource, namespace, signal } = options;
  const known = new Map<string, Known>();
  const query = {
    ...(options.labels === undefined ? {} : { labelSelector: options.labels }),
    ...(options.fields === undefined ? {} : { fieldSelector: options.fields }),
  };
  let version = '';
  let tellWatched = (): void => undefined;
  const watched = new Promise<void>((resolve) => (tellWatched = resolve));
  /** Since when nothing could arrive, and why; undefined while connected. */
  let cut: { sinceMs: number; why: string; missed: boolean } | undefined;
  const lose = (why: string, missed = false): void => {
    cut = { sinceMs: cut?.sinceMs ?? performance.now(), why: cut?.why ?? why, missed: missed || cut?.missed === true };
  };

  const list = async (): Promise<void> => {
    const listed = List.parse(await cluster.ask({ verb: 'list', resource, namespace }, { query }));
    const now = new Set(listed.items.map(({ metadata }) => metadata.uid));
    for (const object of [...known.values()].filter(({ metadata }) => !now.has(metadata.uid))) {
      known.delete(object.metadata.uid);
      options.changed({ type: 'gone', object });
    }
    for (const object of listed.items) accept(object);
    version = listed.metadata.resourceVersion;
  };
  const accept = (object: Known): void => {
    const before = known.get(object.metadata.uid);
    known.set(object.metadata.uid, object);
    if (before?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    options.changed({ type: before === undefined ? 'there' : 'changed', object });
  };
  /** One line of the watch; throws Refusal for an error that the server reports. */
  const take = ({ type, object }: z.output<typeof Line>): void => {
    if (type === 'ERROR') {
      const { code = 500, message = 'the watch failed' } = object as { code?: number; message?: string };
      throw new Refusal(code, message, { verb: 'watch', resource, namespace });
    }
    if (type === 'BOOKMARK') {
      version = Bookmark.parse(object).metadata.resourceVersion;
      return;
    }
    const seen = Known.parse(object);
    version = seen.metadata.resourceVersion;
    if (type !== 'DELETED') return accept(seen);
    known.delete(seen.metadata.uid);
    options.changed({ type: 'gone', object: seen });
  };
  /** It goes on since `atMs`. */
  const connected = (atMs: number): void => {
    if (cut === undefined) return;
    const { sinceMs, why, missed } = cut;
    cut = undefined;
    options.gap({ resource, ms: atMs - sinceMs, why, missed });
  };
  const follow = async (): Promise<void> => {
    const broken = new AbortController();
    const seen: { problem?: unknown } = {};
    let [beganAtMs, confirming] = [0, setTimeout(() => undefined, 0)];
    const inOrder = await cluster.stream(
      { verb: 'watch', resource, namespace },
      {
        query: {
          ...query,
          watch: 'true',
          resourceVersion: version,
          allowWatchBookmarks: 'true',
          timeoutSeconds: String(LASTS_S),
        },
        began() {
          tellWatched();
          // It may yet say that its history is too short: that comes at once.
          beganAtMs = performance.now();
          confirming = setTimeout(() => connected(beganAtMs), CONFIRMED_AFTER_MS);
        },
        line(text) {
          if ('problem' in seen || text === '') return;
          try {
            take(Line.parse(JSON.parse(text)));
            connected(beganAtMs);
          } catch (error) {
            seen.problem = error;
            broken.abort();
          }
        },
        signal: AbortSignal.any([signal, broken.signal]),
        silenceMs: SILENCE_MS,
      },
    );
    clearTimeout(confirming);
    // A line that was cut short is sent again after the version that was taken last.
    if ('problem' in seen && !(seen.problem instanceof SyntaxError)) throw seen.problem;
    if (!inOrder || 'problem' in seen) lose('the connection broke off');
  };
  /** Goes on until aborted: whatever breaks is taken up again. Resolves early with a right that is missing. */
  const goOn = async (): Promise<Refusal | undefined> => {
    let pauseMs = FIRST_PAUSE_MS;
    let mustList = false;
    let forbiddenSinceMs: number | undefined;
    while (!isAborted(signal)) {
      const sinceMs = performance.now();
      try {
        if (mustList) await list();
        mustList = false;
        await follow();
        forbiddenSinceMs = undefined;
        // One that ends at once, again and again, is not to be asked at once again and again.
        if (performance.now() - sinceMs > LONGEST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        if (isAborted(signal)) return undefined;
        if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
        const status = error instanceof Refusal ? error.status : undefined;
        if (error instanceof Refusal && FORBIDDEN.includes(error.status)) {
          forbiddenSinceMs ??= sinceMs;
          if (!begun || performance.now() - forbiddenSinceMs > RIGHTS_WITHIN_MS) return error;
        }
        // Above all 410, Gone: the history does not reach back to our version.
        mustList ||= status !== undefined && ![...BUSY, ...FORBIDDEN].includes(status);
        if (status === GONE) pauseMs = FIRST_PAUSE_MS;
        lose(error.message, mustList);
      }
      if (cut === undefined) continue;
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
    return undefined;
  };

  let begun = false;
  await list();
  const ended = goOn();
  const refusal = await Promise.race([watched, ended]);
  if (refusal !== undefined) throw refusal;
  begun = true;
  void ended.then((late) => {
    if (late !== undefined) failed(late);
  });
}

// A call, because the state of a signal changes behind the compiler's back.
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

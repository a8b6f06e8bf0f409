import { expect, it, vi, onTestFinished } from 'vitest';
import { openAttribution } from '../../src/session/attribution.ts';
import type { Event } from '../../src/model/event.ts';

const failure = (seq: number, localPort?: number): Event => ({
  kind: 'failure',
  session: 0,
  stream: 'fresh',
  seq,
  outcome: 'reset',
  story: { dueMs: 0, endMs: 1, connection: 1, ...(localPort === undefined ? {} : { localPort }) },
});
const named = (event: Event, backend: string): Event =>
  event.kind === 'failure' ? { ...event, story: { ...event.story, backend } } : event;

it('names whom a connection was given to, which the door tells a moment later, and loses nothing', () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const told = new Map<number, string>();
  const handedOn: Event[] = [];
  const attribution = openAttribution(
    (localPort) => told.get(localPort),
    (event) => handedOn.push(event),
  );
  const end: Event = { kind: 'end', atMs: 5 };
  const events = [failure(0, 40_000), failure(1, 40_001), failure(2), end];
  for (const event of events) attribution.write(event);
  expect(handedOn).toEqual([failure(2), end]);
  told.set(40_000, 'i1');
  vi.runAllTimers();
  expect(handedOn.slice(2)).toEqual([named(failure(0, 40_000), 'i1'), failure(1, 40_001)]);
  attribution.write(failure(3, 40_000));
  attribution.flush();
  attribution.flush();
  vi.runAllTimers();
  expect(handedOn.slice(4)).toEqual([named(failure(3, 40_000), 'i1')]);
});

it('keeps nobody waiting where there is no front door', () => {
  const handedOn: Event[] = [];
  openAttribution(undefined, (event) => handedOn.push(event)).write(failure(0, 40_000));
  expect(handedOn).toEqual([failure(0, 40_000)]);
});

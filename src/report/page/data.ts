/**
 * The numbers that the page holds: what its charts are drawn from, and every failure, in columns, so that a hundred
 * thousand of them are a few megabytes.
 *
 * Rule: what goes in comes out: `failuresOfColumns` undoes `columnsOfFailures`. This module also runs in the page.
 */
import { OUTCOMES } from '../../model/outcome.ts';
import type { ChartArm } from '../charts/clock.ts';
import type { FailureView, Waterfall } from '../view/view.ts';

/** What stands in the page's data, compressed. */
export interface PageData {
  arms: ChartArm[];
  failures: FailureColumns;
}

/** One value of each failure; texts as their place in a list. Microseconds as integers; -1 where there is none. */
export interface FailureColumns {
  texts: string[];
  arm: number[];
  source: number[];
  sentinel: number[];
  outcome: number[];
  dueAtUs: number[];
  restart: number[];
  sinceSignalUs: (number | null)[];
  story: number[];
  facts: number[];
  connectUs: number[];
  connectedUs: number[];
  writtenUs: number[];
  firstByteUs: number[];
  endUs: number[];
}

/** The part of an arm that charts are drawn from. */
export function chartArmOf({
  name,
  restarts,
  stalls,
  spikeLimitMs,
  instances,
  sessions,
  windows,
  profile,
}: ChartArm): ChartArm {
  return {
    name,
    restarts: restarts.map((restart) => ({ ...restart, steps: [] })),
    stalls,
    spikeLimitMs,
    instances,
    sessions,
    windows,
    profile,
  };
}

/** Failures as columns; they are numbered from 1 in their order. */
export function columnsOfFailures(failures: readonly FailureView[]): FailureColumns {
  const places = new Map<string, number>();
  const place = (text: string): number => {
    const known = places.get(text) ?? places.size;
    places.set(text, known);
    return known;
  };
  const us = (ms: number | undefined): number => (ms === undefined ? -1 : Math.round(ms * 1000));
  const columns: Omit<FailureColumns, 'texts'> = {
    arm: failures.map(({ arm }) => place(arm)),
    source: failures.map(({ source }) => place(source)),
    sentinel: failures.map(({ sentinel }) => (sentinel ? 1 : 0)),
    outcome: failures.map(({ outcome }) => OUTCOMES.indexOf(outcome)),
    dueAtUs: failures.map(({ dueAtMs }) => Math.round(dueAtMs * 1000)),
    restart: failures.map(({ restart }) => restart ?? -1),
    sinceSignalUs: failures.map(({ sinceSignalMs }) =>
      sinceSignalMs === null ? null : Math.round(sinceSignalMs * 1000),
    ),
    story: failures.map(({ story }) => place(story)),
    facts: failures.map(({ facts }) => place(facts)),
    connectUs: failures.map(({ waterfall }) => us(waterfall.connectMs)),
    connectedUs: failures.map(({ waterfall }) => us(waterfall.connectedMs)),
    writtenUs: failures.map(({ waterfall }) => us(waterfall.writtenMs)),
    firstByteUs: failures.map(({ waterfall }) => us(waterfall.firstByteMs)),
    endUs: failures.map(({ waterfall }) => us(waterfall.endMs)),
  };
  return { texts: [...places.keys()], ...columns };
}

/** The failures again. */
export function failuresOfColumns(columns: FailureColumns): FailureView[] {
  const text = (place: number | undefined): string => columns.texts[place ?? -1] ?? '';
  return columns.arm.map((arm, index) => {
    const dueAtMs = (columns.dueAtUs[index] ?? 0) / 1000;
    const sinceUs = columns.sinceSignalUs[index] ?? null;
    const restart = columns.restart[index] ?? -1;
    return {
      n: index + 1,
      arm: text(arm),
      source: text(columns.source[index]),
      sentinel: columns.sentinel[index] === 1,
      outcome: OUTCOMES[columns.outcome[index] ?? 0] ?? 'failed',
      dueAtMs,
      restart: restart < 0 ? null : restart,
      sinceSignalMs: sinceUs === null ? null : sinceUs / 1000,
      story: text(columns.story[index]),
      facts: text(columns.facts[index]),
      waterfall: waterfallAt(columns, index),
    };
  });
}

function waterfallAt(
  { connectUs, connectedUs, writtenUs, firstByteUs, endUs }: FailureColumns,
  index: number,
): Waterfall {
  const moment = <K extends keyof Waterfall>(name: K, us: number | undefined): Partial<Record<K, number>> =>
    us === undefined || us < 0 ? {} : ({ [name]: us / 1000 } as Partial<Record<K, number>>);
  return {
    ...moment('connectMs', connectUs[index]),
    ...moment('connectedMs', connectedUs[index]),
    ...moment('writtenMs', writtenUs[index]),
    ...moment('firstByteMs', firstByteUs[index]),
    endMs: (endUs[index] ?? 0) / 1000,
  };
}

/**
 * The tables behind the charts.
 *
 * Rule: each tells what its chart shows to those who cannot see it.
 */
import type { ArmView, Profile } from '../view/view.ts';
import { countText, msText, problemsText } from '../view/words.ts';
import { html, type Markup } from './markup.ts';
import { badCount, table, yesOrNo } from './table.ts';

/** Every restart with its numbers and the time that each step took. */
export function restartsTable(arm: ArmView): Markup {
  const optional = (ms: number | null): string => (ms === null ? 'never' : msText(ms));
  return table(
    `${arm.name}: every restart`,
    [
      'Restart',
      'Steps',
      'Signal at',
      'Due',
      'Lost',
      'Raced',
      'Gap',
      'Worst answer',
      'Ready after',
      'Old one gone after',
      'Exit',
      'Proven',
    ],
    arm.restarts.map((restart) => [
      `#${restart.number}`,
      html`${restart.steps.map(
        (step) =>
          html`<span class="nowrap">${step.text}</span> <span class="muted">${step.took}</span>${
            step.problem === null ? null : html` <strong>${step.problem}</strong>`
          }<br>`,
      )}`,
      `${(restart.signalledAtMs / 1000).toFixed(3)} s`,
      countText(restart.counts.due),
      badCount(restart.counts.lost),
      badCount(restart.counts.raced),
      msText(restart.gapMs),
      msText(restart.worstMs),
      optional(restart.readyMs),
      optional(restart.drainMs),
      restart.exit,
      restart.undone ?? yesOrNo(restart.proven),
    ]),
    2,
  );
}

/** What became of the requests of each restart. */
export function windowsTable(arm: ArmView): Markup {
  return table(
    `${arm.name}: requests that each restart touched`,
    ['Restart', 'Due', 'Answered', 'Not answered'],
    arm.restarts.map(({ number, counts }) => [
      `#${number}`,
      countText(counts.due),
      countText(counts.answered),
      problemsText(counts) || 'none',
    ]),
  );
}

/** The life of every instance. */
export function instancesTable(arm: ArmView): Markup {
  const at = (ms: number | undefined): string => (ms === undefined ? 'not seen' : `${(ms / 1000).toFixed(3)} s`);
  return table(
    `${arm.name}: every instance`,
    ['Instance', 'Process', 'Started', 'Ready', 'Draining', 'Gone'],
    arm.instances.map(({ number, label, stretches, gone }) => {
      const since = (state: string): number | undefined => stretches.find((stretch) => stretch.state === state)?.fromMs;
      return [
        `#${number}`,
        label === '' ? 'not known' : label,
        at(stretches[0]?.fromMs),
        at(since('serving')),
        at(since('draining')),
        gone ? at(stretches.at(-1)?.toMs) : 'stayed',
      ];
    }),
    2,
  );
}

/** Every stall. */
export function stallsTable(arm: ArmView): Markup {
  return table(
    `${arm.name}: stalls, runs of answers slower than the spike limit`,
    ['At', 'Restart', 'Lasted', 'Answers', 'Worst'],
    arm.stalls.map((stall) => [
      `${(stall.atMs / 1000).toFixed(3)} s`,
      stall.restart === null ? 'quiet time' : `#${stall.restart}`,
      msText(stall.lastedMs),
      countText(stall.answers),
      msText(stall.worstMs),
    ]),
  );
}

/** The worst moments after the signal, arm by arm. */
export function profileTable(arms: readonly ArmView[]): Markup {
  return table(
    'The worst moments, counted from the signal, over all restarts of each arm',
    ['Arm', 'Least answered', 'at', 'Worst answer', 'at'],
    arms.map(({ name, profile }) => {
      const least = extreme(profile, profile.answeredShare, (one, other) => one < other);
      const worst = extreme(profile, profile.worstMs, (one, other) => one > other);
      return [
        name,
        least === null ? 'nothing due' : `${Number((least.value * 100).toPrecision(3))} %`,
        least?.at ?? '',
        worst === null ? 'no answers' : msText(worst.value),
        worst?.at ?? '',
      ];
    }),
  );
}

/** The first bucket whose value goes before all others. */
function extreme(
  { fromMs, bucketMs }: Profile,
  values: readonly (number | null)[],
  goesBefore: (one: number, other: number) => boolean,
): { value: number; at: string } | null {
  let found: { value: number; at: string } | null = null;
  for (const [index, value] of values.entries()) {
    if (value !== null && (found === null || goesBefore(value, found.value))) {
      found = {
        value,
        at: `${Math.round(fromMs + index * bucketMs)} to ${Math.round(fromMs + (index + 1) * bucketMs)} ms`,
      };
    }
  }
  return found;
}

/**
 * Hygiene, controls and the harness's own health as lines of label and value.
 *
 * Rule: what could not be measured says so; it is never shown as zero.
 */
import type { ArmResult, Harness } from '../../model/result.ts';
import type { Fact } from './view.ts';
import { bytesText, countText, msText, quantity } from './words.ts';

/** The harness's own health as facts. */
export function harnessFacts(harness: Harness): Fact[] {
  return [
    { label: 'Send delay (median)', value: msText(harness.sendDelayP50Ms), ok: null },
    { label: 'Send delay (p99)', value: msText(harness.sendDelayP99Ms), ok: null },
    { label: 'Event loop late by, p99', value: msText(harness.eventLoopDelayP99Ms), ok: null },
    { label: 'Requests not sent', value: countText(harness.unsent), ok: harness.unsent === 0 },
  ];
}

/** What the restarts left behind. */
export function hygieneFacts({ hygiene }: ArmResult): Fact[] {
  const growth = (label: string, value: number | null, text: (value: number) => string): Fact => ({
    label,
    value: value === null ? 'not measured' : text(value),
    ok: null,
  });
  return [
    { label: 'Processes left over', value: countText(hygiene.leftoverProcesses), ok: hygiene.leftoverProcesses === 0 },
    { label: 'Had to be ended by SIGKILL', value: countText(hygiene.forcedKills), ok: hygiene.forcedKills === 0 },
    { label: 'Non-zero exits', value: countText(hygiene.nonZeroExits), ok: hygiene.nonZeroExits === 0 },
    { label: 'Zombies', value: countText(hygiene.zombies), ok: hygiene.zombies === 0 },
    {
      label: 'Old instance still there at the next restart',
      value: countText(hygiene.stillDraining),
      ok: hygiene.stillDraining === 0,
    },
    growth('Descriptor growth per restart', hygiene.fdGrowthPerRestart, (value) => String(Number(value.toFixed(2)))),
    growth('Memory more, per restart', hygiene.rssGrowthBytesPerRestart, bytesText),
    growth('Threads more, per restart', hygiene.threadGrowthPerRestart, (value) => String(Number(value.toFixed(2)))),
  ];
}

/** Whether the instrument counts what it should, and nothing else. */
export function controlFacts({ controls: { positive, negative } }: ArmResult): Fact[] {
  return [
    positive === null
      ? { label: 'Known faults counted', value: 'not measured', ok: null }
      : {
          label: 'Known faults counted',
          value: `${countText(positive.counted)} of ${countText(positive.expected)}`,
          ok: Object.values(positive.byOutcome).every(({ expected, counted }) => expected === counted),
        },
    negative === null
      ? { label: 'Lost without a restart', value: 'not measured', ok: null }
      : {
          label: 'Lost without a restart',
          value: `${countText(negative.lost)} in ${quantity(negative.windows, 'sham restart')}`,
          ok: negative.lost === 0,
          ...(negative.raced + negative.rejected + negative.failed === 0
            ? {}
            : {
                note:
                  `${countText(negative.raced)} raced, ${countText(negative.rejected)} rejected, ` +
                  `${countText(negative.failed)} failed`,
              }),
        },
  ];
}

/**
 * A target that runs already: asked what a step asks, seen as far as its processes can be seen from here.
 *
 * Rule: zerodrop did not start it, so it starts no further instance of it, takes none of its processes for left over,
 * and never ends it at close.
 */
import { StepFailure } from '../../model/control.ts';
import { strategyNames, suitsAttached } from '../../model/strategies/registry.ts';
import type { Claim } from '../../processes/ours.ts';
import { controlOf } from '../process/control.ts';
import { waitFirstReady } from '../process/ready.ts';
import { openSeen } from '../process/seen.ts';
import { settingOf } from '../process/setting.ts';
import type { RunningTarget, TargetOptions } from '../target.ts';

/** Finds address and port of the target. Rejects with ZerodropError `bad-scenario`. */
export async function openAttached({
  arm: { target },
  isHttp2,
  witness,
  chronicle,
  warden,
  variables,
}: TargetOptions): Promise<RunningTarget> {
  const setting = await settingOf(target, variables, undefined, isHttp2);
  const { endpoint, pidFile, origin } = setting;
  const claim: Claim = { groups: [], endpoint, attached: true, pidFile, sinceTicks: 0 };
  const { state, watch, freezer, died, watchDeath, sample, end } = openSeen({
    setting,
    witness,
    chronicle,
    claim: () => claim,
    // The warden ends what it guards, and this is not to be ended; it only lets go on what is frozen.
    found: () => undefined,
    frozen: warden.frozen,
  });
  const start = (): Promise<void> =>
    Promise.reject(
      new StepFailure(
        'zerodrop did not start this target, so it cannot start another instance of it.',
        'Give target.command, or use a strategy that asks the target to restart itself: ' +
          `${strategyNames(suitsAttached).join(', ')}.`,
      ),
    );
  return {
    ...controlOf({ state, watch, freezer, start, prepare: () => undefined, addGroup: () => undefined }),
    origin,
    endsByInstance: false,
    died,
    async startFirst(aborted) {
      await waitFirstReady(state, undefined, aborted);
      state.lanes.started(state.main);
      state.lanes.ready(state.main);
      watchDeath();
    },
    sample,
    leftovers: () => [],
    zombies: () => [],
    close() {
      end();
      return Promise.resolve({ leftovers: [], forced: false });
    },
  };
}

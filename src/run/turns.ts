/**
 * In which order the arms of a run have their restarts.
 *
 * Rule: arms that are compared take turns, a few restarts at a time, so that a machine that grows slower or noisier
 * does it to all of them alike. The order within a round is drawn from the seed. An arm alone has one session: there is
 * nothing to take turns with.
 */
import { createHash } from 'node:crypto';

/**
 * Restarts in one turn, at most. A busy neighbour who comes and goes meets all restarts of a turn alike, while a
 * comparison takes each for a draw of its own: with five in a turn, arms that are alike were called different up to
 * three times as often as promised. A turn costs a start of the target and of the traffic, about one second.
 */
const MOST_IN_TURN = 2;

/** One session to come: some restarts of one arm, numbered from `first` through the arm. */
export interface Turn<Arm> {
  arm: Arm;
  /** The first turn of its arm: what is done once for each arm is done there. */
  opening: boolean;
  first: number;
  restarts: number;
}

/**
 * The turns of a run in their order. Each arm's turns lie evenly over the run, so arms with as many restarts go round
 * by round. `arms` have names of their own; two rounds at least, where an arm has two restarts.
 */
export function turnsOf<Arm extends { name: string }>(
  arms: readonly Arm[],
  restartsOf: (arm: Arm) => number,
  seed: number,
): Turn<Arm>[] {
  const placed = arms.flatMap((arm) => {
    const restarts = restartsOf(arm);
    const turns = arms.length === 1 ? 1 : Math.min(restarts, Math.max(2, Math.ceil(restarts / MOST_IN_TURN)));
    return Array.from({ length: turns }, (_, n) => {
      const [first, next] = [n, n + 1].map((turn) => Math.floor((turn * restarts) / turns)) as [number, number];
      return {
        turn: { arm, opening: n === 0, first, restarts: next - first },
        place: (n + 0.5) / turns,
        lot: lotOf(`${seed}/${arm.name}/${n}`),
      };
    });
  });
  return placed.sort((one, other) => one.place - other.place || one.lot - other.lot).map(({ turn }) => turn);
}

function lotOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}

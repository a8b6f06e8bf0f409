/**
 * The owner's side of the pressure: a closed loop by autocannon in a process of its own.
 *
 * Rule: never judged. autocannon takes a closed connection for no error and counts its own reconnects as errors, so its
 * numbers only tell that there was load. What goes wrong with it is told in words and ends nothing.
 */
import type { EventOf } from '../../model/event.ts';
import type { Traffic } from '../../model/scenario.ts';
import { newToken, startChild } from '../../processes/child.ts';
import { Report } from './messages.ts';

type Pressure = NonNullable<Traffic['pressure']>;

export type PressureResult = Omit<EventOf<'pressure'>, 'session' | 'kind'>;

export interface PressureProcess {
  readonly pid: number;
  /** Ends the load and the process; resolves with what it did. */
  stop(): Promise<PressureResult>;
  kill(): void;
}

const STOP_LIMIT_MS = 5000;

/** Starts the load on `origin`, such as http://127.0.0.1:4711. A target that is away for a while does not end it. */
export function startPressure(origin: string, pressure: Pressure, token = newToken()): PressureProcess {
  let report: PressureResult | undefined;
  let problem: string | undefined;
  const child = startChild({ module: 'traffic/pressure/pressure-main', token, says: Report });
  child.listen((message) => (report = message));
  void child.ended.then((how) => {
    if (report === undefined) problem = `The pressure ended without a report. ${how}`;
  });
  child.send({ origin, ...pressure });

  return {
    pid: child.pid,
    async stop() {
      await child.end(STOP_LIMIT_MS);
      return report ?? { requests: 0, errors: 0, problem: problem ?? 'The pressure ended without a report.' };
    },
    kill: () => child.kill(),
  };
}

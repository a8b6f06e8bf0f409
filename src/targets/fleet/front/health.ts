/**
 * The front door's own check of one backend.
 *
 * Rule: healthy until it has failed `fall` times in a row, then ill until it has passed `rise` times in a row.
 */
import { get } from 'node:http';
import type { Backend } from '../../../model/front.ts';
import type { FrontOptions } from '../../../model/fleet.ts';

export interface HealthCheck {
  readonly healthy: boolean;
  end(): void;
}

type Settings = NonNullable<FrontOptions['health_check']>;

/** Checks until it is ended. */
export function checkHealth(
  { host, port }: Pick<Backend, 'host' | 'port'>,
  { path, interval, fall, rise }: Settings,
): HealthCheck {
  let healthy = true;
  let inARow = 0;
  const enter = (passed: boolean): void => {
    inARow = passed === healthy ? 0 : inARow + 1;
    if (inARow < (healthy ? fall : rise)) return;
    healthy = !healthy;
    inARow = 0;
  };
  const timer = setInterval(() => {
    const request = get({ host, port, path, agent: false, timeout: interval }, (response) => {
      enter((response.statusCode ?? 500) < 400);
      response.resume();
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      enter(false);
    });
  }, interval);
  return {
    get healthy() {
      return healthy;
    },
    end: () => {
      clearInterval(timer);
    },
  };
}

/**
 * The probes of one instance, with the meaning that Kubernetes gives them.
 *
 * Rule: the first probe comes `initialDelayMs` after the start, then one every `periodMs`, never two at once. The state
 * changes only after so many equal answers in a row.
 */
import type { Probe as ProbeFields } from '../../model/fleet.ts';
import type { HealthRequest } from '../../model/request.ts';
import type { Target } from '../../model/scenario.ts';

/** A probe in ms. */
export interface ProbePlan {
  request: HealthRequest;
  initialDelayMs: number;
  periodMs: number;
  timeoutMs: number;
  successThreshold: number;
  failureThreshold: number;
}

/** The plan of a probe as a Pod writes it. */
export function probePlanOf(probe: ProbeFields): ProbePlan {
  const { httpHeaders = [], headers, ...request } = probe.httpGet;
  const asInPod = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
  return {
    request: { ...request, headers: { ...asInPod, ...headers } },
    initialDelayMs: probe.initialDelaySeconds * 1000,
    periodMs: probe.periodSeconds * 1000,
    timeoutMs: probe.timeoutSeconds * 1000,
    successThreshold: probe.successThreshold,
    failureThreshold: probe.failureThreshold,
  };
}

/** Readiness by the healthcheck of the target, for a fleet that says nothing else. */
export function healthcheckPlanOf({ healthcheck }: Target): ProbePlan {
  const { interval, timeout } = healthcheck;
  return {
    request: healthcheck,
    initialDelayMs: 0,
    periodMs: Math.max(interval, 10),
    timeoutMs: timeout,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

/** What a row of probes says, one answer after another. */
export interface Tally {
  passing: boolean;
  /** Answers in a row that contradict `passing`. */
  against: number;
}

/** The tally after one more answer. */
export function tallyAfter(
  { passing, against }: Tally,
  passed: boolean,
  plan: Pick<ProbePlan, 'successThreshold' | 'failureThreshold'>,
): Tally {
  if (passed === passing) return { passing, against: 0 };
  const isEnough = against + 1 >= (passing ? plan.failureThreshold : plan.successThreshold);
  return isEnough ? { passing: !passing, against: 0 } : { passing, against: against + 1 };
}

export interface Probing {
  end(): void;
}

/** Probes until it is ended. `first` is what holds before the first answer; `changed` is told of every change. */
export function startProbing(
  plan: ProbePlan,
  ask: () => Promise<boolean>,
  first: boolean,
  changed: (passing: boolean) => void,
): Probing {
  let tally: Tally = { passing: first, against: 0 };
  let ended = false;
  let timer: NodeJS.Timeout;
  const probe = async (): Promise<void> => {
    const dueMs = performance.now() + plan.periodMs;
    const passed = await ask();
    if (ended) return;
    const before = tally.passing;
    tally = tallyAfter(tally, passed, plan);
    timer = setTimeout(() => void probe(), Math.max(0, dueMs - performance.now()));
    if (tally.passing !== before) changed(tally.passing);
  };
  timer = setTimeout(() => void probe(), plan.initialDelayMs);
  return {
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}

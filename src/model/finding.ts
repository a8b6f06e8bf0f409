/**
 * The codes of findings: what a run may find out, as CI jobs and scenarios name it.
 *
 * Rule: a closed set and a contract. Codes are added, never renamed; each of them is given in judge/findings.
 */
import { z } from 'zod';

export const FINDING_CODES = [
  // Requests that were not answered, or late.
  'requests-lost',
  'requests-raced',
  'requests-rejected',
  'requests-failed',
  'spikes',
  'gap-too-long',
  'wait-too-long',
  'percentile-crossed',
  // The restarts and the target.
  'step-failed',
  'target-died',
  'target-not-healthy',
  'target-not-started',
  'signal-not-passed',
  'restart-not-proven',
  'too-few-restarts',
  'interrupted',
  'no-traffic-in-window',
  // Fleets.
  'too-few-ready',
  'replica-died',
  'liveness-killed',
  'step-inconclusive',
  'front-door-died',
  // What makes a verdict uncertain.
  'noise-without-restart',
  'lost-in-quiet-time',
  'spike-limit-below-noise',
  'too-few-answers',
  'harness-late',
  'machine-busy',
  'control-missed',
  'agent-died',
  'service-died',
  'sentinel-not-armed',
  'never-reused',
  // Notes.
  'watch-gap',
  'sentinel-doubtful',
  'pressure-failed',
  'rolled-back',
  'forced-kill',
  'non-zero-exit',
  'pre-stop-failed',
  'leftover-process',
  'still-draining',
  'zombies',
  'descriptors-grow',
  'memory-grows',
  // Against an earlier run.
  'worse-than-baseline',
  'baseline-unclear',
] as const;

export const FindingCode = z.enum(FINDING_CODES);
/** What was found, such as `requests-lost`. */
export type FindingCode = z.output<typeof FindingCode>;

/** The library: the same as the command line, from code, with types. */
export { defineScenario } from './scenario/define.ts';
export { loadScenario, scenarioOf } from './run/load.ts';
export { run, type RunOptions } from './run/run.ts';
export { judgeRun, type FinishedRun } from './run/saved.ts';
export { ZerodropError, type ErrorCode } from './errors.ts';
export { openProgress, type Progress } from './report/text/progress.ts';
export type { Verdict } from './model/expect.ts';
export type { Arm, Scenario, ScenarioSource } from './model/scenario.ts';
export type { ArmResult, Finding, Result, RestartResult, ThresholdResult } from './model/result.ts';
export type { Event, Story } from './model/event.ts';
export { OUTCOMES, type Counts, type Outcome } from './model/outcome.ts';

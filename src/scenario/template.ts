/**
 * The scenario that `zerodrop init` writes: it can be run after one line is changed, and teaches the rest in comments.
 *
 * Rule: every line that is commented out is valid when its mark is taken away.
 */
import { stringify } from 'yaml';
import type { Command } from '../model/step.ts';
import { strategies } from '../model/strategies/registry.ts';

export interface TemplateOptions {
  name: string;
  /** Where the JSON Schema lies, as seen from the scenario; the editor completes and checks fields by it. */
  schemaPath: string;
  /** What is known of the server and of how it is restarted. */
  begin?: Beginning;
}

/** What a scenario begins with. */
export interface Beginning {
  command: Command;
  build?: string;
  /** Folder of the command, as seen from the scenario. */
  workingDir?: string;
  healthPath: string;
  strategy: string;
  signal?: string;
  fleet?: { replicas: number; preStopSeconds?: number };
  /** The strategy must know which instance answered. */
  identity?: boolean;
  /** A field that the strategy cannot do without, with an example. */
  needed?: Record<string, string>;
  /** Why it begins so, one sentence each. */
  reasons: readonly string[];
}

const PLACEHOLDER: Beginning = {
  command: 'node server.mjs',
  healthPath: '/',
  strategy: 'stop-start',
  reasons: ['stop-start has a gap by design, so this scenario fails until another strategy is chosen.'],
};

/** A value in one line of YAML. */
const inline = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();

/** Several instances behind a front door, in the words of a Deployment. */
function fleetText({ fleet, healthPath }: Beginning): string {
  if (fleet === undefined) return '';
  const { replicas, preStopSeconds } = fleet;
  const hook = `lifecycle: {preStop: {sleep: {seconds: ${preStopSeconds ?? 3}}}}`;
  return `
fleet: # several instances behind a front door, as in a Deployment
  replicas: ${replicas}
  front: {propagation: 500ms} # how late it hears that an instance is to end
  readinessProbe: {httpGet: {path: ${inline(healthPath)}}, periodSeconds: 0.2}
  ${preStopSeconds === undefined ? `# ${hook}` : hook} # keeps serving until the front door has heard
`;
}

/** The strategies, each with the first part of its summary. */
function strategyLines(): string {
  const listed = strategies.filter(({ workload }) => workload === undefined);
  const width = Math.max(...listed.map(({ name }) => name.length));
  return listed.map(({ name, summary }) => `  # ${name.padEnd(width)}  ${summary.split(';')[0]}`).join('\n');
}

function neededLines({ needed = {} }: Beginning): string {
  const lines = Object.entries(needed).map(([field, value]) => `  ${field}: ${inline(value)}`);
  if (!('command' in needed)) lines.push('  # command: systemctl --user restart my-service # for the strategy command');
  return lines.join('\n');
}

const FLEET_ARMS = `#   with-pre-stop: {fleet: {lifecycle: {preStop: {sleep: {seconds: 3}}}}}
#   without-pre-stop: {fleet: {lifecycle: {preStop: null}}}`;

/** A commented scenario in YAML. */
export function scenarioTemplate(options: TemplateOptions): string {
  const begin = options.begin ?? PLACEHOLDER;
  const folder = begin.workingDir === undefined ? '' : `  working_dir: ${inline(begin.workingDir)}\n`;
  const identity = begin.identity === true ? 'identity' : '# identity';
  const signal = begin.signal === undefined ? '# signal: SIGUSR2' : `signal: ${begin.signal}`;
  return `# yaml-language-server: $schema=${options.schemaPath}
# Run it with: zerodrop run FILE     Check it with: zerodrop validate FILE

name: ${stringify(options.name).trim()}
description: Does anybody notice when this service restarts?
${begin.reasons.map((reason) => `# ${reason}`).join('\n')}

target:
  # Your server, in the foreground; it must listen on \${PORT}. No shell is started.
  #   Go:      ./bin/server -listen 127.0.0.1:\${PORT}
  #   Python:  gunicorn --bind 127.0.0.1:\${PORT} --workers 4 app:app
  #   Node:    node server.mjs, which reads the variable PORT
  # Without command, and with the url of a server that already runs, zerodrop attaches to that one.
  command: ${inline(begin.command)}
  ${begin.build === undefined ? '# build: npm ci' : `build: ${inline(begin.build)}`}
${folder}  environment: {LOG_LEVEL: warn} # PORT is set as well: a free port, chosen by zerodrop
  url: http://127.0.0.1:\${PORT}
  healthcheck:
    path: ${inline(begin.healthPath)} # answers 200 to 399 when the server can serve
    start_period: 10s # longest time from start to the first good answer
  stop_signal: SIGTERM
  stop_grace_period: 10s # then SIGKILL, which is reported
  ${identity}: {header: x-instance} # an answer header that differs from process to process
${fleetText(begin)}
restart:
${strategyLines()}
  # or a list of steps, such as [{signal: SIGUSR2}, {replaced: {within: 10s}}]
  # "zerodrop strategies NAME" explains each.
  strategy: ${begin.strategy}
  ${signal} # for signal-handoff and reload-workers
${neededLines(begin)}
  count: 20 # 29 clean restarts prove (95 %) that fewer than 10 % lose requests, 59 that fewer than 5 % do
  quiet: 1s # undisturbed time before and after each restart

traffic:
  arrivals: # sent at fixed moments, whatever the server does; every one is accounted for
    fresh: {rate: 200/s, connection: new, path: /}
    keepalive: {rate: 200/s, connection: reused, connections: 16, path: /}
  # pressure: {connections: 16, path: /} # makes it hard for the server; never judged
  # sentinels: {in-flight: 3, idle: 10} # connections in a delicate state as the restart begins
  client: {timeout: 5s}

thresholds: # totals over all restarts
  lost: 0 # refused, reset, closed, truncated or timed out
  raced: 0 # kept-alive connections that were closed just as a request was written
  # spikes: {over: 250ms, max: 0} # slow answers around the restarts
  # gap: 100ms # longest time without any answer on a new connection

# Compare variants: each changes a part of what stands above.
# arms:
${begin.fleet === undefined ? '#   restarted: {}\n#   crashed: {restart: {strategy: kill-start}}' : FLEET_ARMS}
`;
}

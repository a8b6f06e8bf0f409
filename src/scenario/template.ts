/**
 * The scenario that `zerodrop init` writes: it can be run after one line is changed, and teaches the rest in comments.
 *
 * Rule: every line that is commented out is valid when its mark is taken away.
 */
import { stringify } from 'yaml';
import { strategies } from '../model/strategies/registry.ts';

export interface TemplateOptions {
  name: string;
  /** Where the JSON Schema lies, as seen from the scenario; the editor completes and checks fields by it. */
  schemaPath: string;
}

/** The strategies for one server, each with the first part of its summary. */
function strategyLines(): string {
  const listed = strategies.filter(({ fleet, workload }) => fleet === undefined && workload === undefined);
  const width = Math.max(...listed.map(({ name }) => name.length));
  return listed.map(({ name, summary }) => `  # ${name.padEnd(width)}  ${summary.split(';')[0]}`).join('\n');
}

/** A commented scenario in YAML. */
export function scenarioTemplate(options: TemplateOptions): string {
  return `# yaml-language-server: $schema=${options.schemaPath}
# Run it with: zerodrop run FILE     Check it with: zerodrop validate FILE

name: ${stringify(options.name).trim()}
description: Does anybody notice when this service restarts?

target:
  # Your server, in the foreground; it must listen on \${PORT}. No shell is started.
  #   Go:      ./bin/server -listen 127.0.0.1:\${PORT}
  #   Python:  gunicorn --bind 127.0.0.1:\${PORT} --workers 4 app:app
  #   Node:    node server.mjs, which reads the variable PORT
  # Without command, and with the url of a server that already runs, zerodrop attaches to that one.
  command: node server.mjs
  # build: npm ci
  environment: {LOG_LEVEL: warn} # PORT is set as well: a free port, chosen by zerodrop
  url: http://127.0.0.1:\${PORT}
  healthcheck:
    path: / # answers 200 to 399 when the server can serve
    start_period: 10s # longest time from start to the first good answer
  stop_signal: SIGTERM
  stop_grace_period: 10s # then SIGKILL, which is reported
  # identity: {header: x-instance} # an answer header that differs from process to process

restart:
${strategyLines()}
  # or a list of steps, such as [{signal: SIGUSR2}, {replaced: {within: 10s}}]
  # "zerodrop strategies NAME" explains each.
  strategy: stop-start
  # signal: SIGUSR2 # for signal-handoff and reload-workers
  # command: systemctl --user restart my-service # for the strategy command
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
#   restarted: {}
#   crashed: {restart: {strategy: kill-start}}
`;
}

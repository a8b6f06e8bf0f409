/**
 * Services: what a target needs beside it, and what outlives its restarts, such as a session store.
 *
 * Rule: a service has a port of its own, which everybody in the run knows by a variable.
 */
import { z } from 'zod';
import { Path, Scalar } from './field.ts';
import { REQUEST_FIELDS } from './request.ts';
import { Command } from './step.ts';
import { Duration } from './units.ts';

const Healthcheck = z.strictObject({
  path: Path.optional().meta({
    description: 'Path that answers as expected when it can serve; without it, accepting a connection is enough',
  }),
  ...REQUEST_FIELDS,
  interval: Duration.default(50).meta({ description: 'Time between two probes' }),
  timeout: Duration.default(1000).meta({ description: 'Longest wait for one probe' }),
  start_period: Duration.default(10_000).meta({ description: 'Longest time from start to the first good probe' }),
});

/** One service. */
export const Service = z.strictObject({
  command: Command.meta({
    description:
      'Starts it in the foreground; it listens on 127.0.0.1:${NAME_PORT}, such as ${REDIS_PORT} for the service redis',
  }),
  working_dir: z.string().default('.').meta({ description: 'Folder of the command, relative to the scenario file' }),
  environment: z
    .record(z.string(), Scalar)
    .default({})
    .meta({ description: 'Environment variables; ${SCRATCH} and the ports of all services are set as well' }),
  healthcheck: Healthcheck.prefault({}).meta({ description: 'How to see that it can serve' }),
});
export type Service = z.output<typeof Service>;

/** The name of a service: it becomes part of the name of a variable. */
export const ServiceName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, { error: 'a name that begins with a letter, of letters, digits, - and _' });

/** The variable that holds the port of a service, such as REDIS_PORT. */
export function portVariableOf(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_PORT`;
}

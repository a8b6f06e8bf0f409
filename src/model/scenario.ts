/**
 * The scenario: one schema, from which come the types, the errors, the JSON Schema for editors and the field table.
 *
 * Rule: field names are a contract. Users' files and CI jobs read them; they are added to, never renamed.
 * Outside, durations, rates and shares are text with a unit; inside, numbers (see units.ts).
 */
import { z } from 'zod';
import { Expect } from './expect.ts';
import { HeaderName, NAME, Path, Scalar } from './field.ts';
import { Fleet } from './fleet.ts';
import { Kubernetes } from './kubernetes.ts';
import { LIKE_FIRST_STREAM, REQUEST_FIELDS } from './request.ts';
import { Restart } from './restart.ts';
import { SENTINELS } from './sentinel.ts';
import { Service, ServiceName } from './service.ts';
import { Command, SignalName } from './step.ts';
import { Thresholds } from './thresholds.ts';
import { Duration, Rate } from './units.ts';

export const Healthcheck = z
  .strictObject({
    path: Path.default('/').meta({ description: 'Path that answers as expected when the target can serve' }),
    ...REQUEST_FIELDS,
    interval: Duration.default(50).meta({ description: 'Time between two probes' }),
    timeout: Duration.default(1000).meta({ description: 'Longest wait for one probe' }),
    start_period: Duration.default(10_000).meta({ description: 'Longest time from start to the first good probe' }),
  })
  .meta({ description: 'How to see that the target can serve' });

/** One target: a command to start, or the address of one that already runs. */
export const Target = z
  .strictObject({
    command: Command.optional().meta({
      description: 'Starts the target in the foreground; without it zerodrop attaches to url',
    }),
    build: Command.optional().meta({ description: 'Run once before the run, such as go build or npm ci' }),
    working_dir: z.string().default('.').meta({ description: 'Folder of the commands, relative to the scenario file' }),
    environment: z
      .record(z.string(), Scalar)
      .default({})
      .meta({
        description:
          'Environment variables; ${PORT} is a free port chosen by zerodrop, ${SCRATCH} a folder for pid files ' +
          'and the like that is gone after the run',
      }),
    url: z
      .string()
      .default('http://127.0.0.1:${PORT}')
      .meta({ description: 'Where the target answers; alone, without command, the address of one that already runs' }),
    kubernetes: Kubernetes.optional().meta({
      description: 'A workload of a cluster that is restarted there; url is the address that clients speak to',
    }),
    insecure_skip_verify: z
      .boolean()
      .optional()
      .meta({ description: 'https: accept any certificate, such as a self-signed one' }),
    ca: z.string().min(1).optional().meta({
      description: 'https: PEM file with the authority to trust, relative to working_dir; default: those of Node',
    }),
    client_certificate: z
      .strictObject({
        cert: z.string().min(1).meta({ description: 'PEM file with the certificate, relative to working_dir' }),
        key: z.string().min(1).meta({ description: 'PEM file with its private key, relative to working_dir' }),
      })
      .optional()
      .meta({ description: 'https: certificate that clients and the healthcheck present' }),
    server_name: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+$/, { error: 'a host name' })
      .optional()
      .meta({ description: 'https: name asked for (SNI) and looked for in the certificate; default: the host of url' }),
    healthcheck: Healthcheck.prefault({}),
    stop_signal: SignalName.default('SIGTERM').meta({ description: 'Asks the target to end' }),
    stop_grace_period: Duration.default(10_000).meta({ description: 'From stop_signal to SIGKILL' }),
    identity: z
      .strictObject({
        header: HeaderName.optional().meta({
          description: 'Name of an answer header that identifies the instance that answered',
        }),
        command: Command.optional().meta({
          description:
            'A command whose output changes with every restart, such as "kubectl get pods --output name"; ' +
            'where processes stay (a reload within one process), it alone identifies an instance',
        }),
      })
      .refine(({ header, command }) => header !== undefined || command !== undefined, { error: 'header or command' })
      .optional()
      .meta({ description: 'How instances are identified' }),
    pid_file: z.string().optional().meta({ description: 'Where the target writes the pid of its main process' }),
  })
  .refine(
    ({ command, kubernetes, url }) => command !== undefined || kubernetes !== undefined || !url.includes('${PORT}'),
    { error: 'a command that starts the target, or the url of one that already runs', path: ['command'] },
  );
export type Target = z.output<typeof Target>;

/** One open-loop stream of arrivals. */
export const Stream = z.strictObject({
  rate: Rate.meta({ description: 'Requests that are due per second or minute, whatever the target does' }),
  connection: z
    .enum(['new', 'reused'])
    .default('new')
    .meta({ description: 'new: one connection a request; reused: kept-alive ones' }),
  connections: z
    .int()
    .min(1)
    .max(10_000)
    .default(32)
    .meta({ description: 'reused: connections held open when nothing stalls' }),
  path: Path.default('/').meta({ description: 'Path and query' }),
  ...REQUEST_FIELDS,
});
export type Stream = z.output<typeof Stream>;

const Pressure = z.strictObject({
  connections: z.int().min(1).max(1000).default(32).meta({ description: 'Connections kept busy' }),
  path: Path.default('/').meta({ description: 'Path of its requests' }),
  pipelining: z.int().min(1).max(100).default(1).meta({ description: 'Requests under way on each connection' }),
});
export type Pressure = z.output<typeof Pressure>;

const SentinelOptions = z.strictObject({
  count: z.int().min(1).max(1000).meta({ description: 'How many of them for each restart' }),
  ...LIKE_FIRST_STREAM,
});
export type SentinelOptions = z.output<typeof SentinelOptions>;

/** A number of sentinels, or a map with more to say. */
const SentinelEntry = z.codec(z.union([z.int().min(1).max(1000), SentinelOptions]), SentinelOptions, {
  decode: (entry) => (typeof entry === 'number' ? { count: entry } : entry),
  encode: (options) => options,
});

/** How long clients wait for a whole answer where the scenario says nothing, ms. */
export const CLIENT_TIMEOUT_MS = 5000;

export const CLIENT_KINDS = ['wire', 'http2', 'undici'] as const;

const Client = z.strictObject({
  kind: z
    .enum(CLIENT_KINDS)
    .default('wire')
    .meta({
      description:
        'wire: the exact instrument for HTTP/1.1; http2: that for HTTP/2 (without TLS by prior knowledge), ' +
        'which the healthcheck speaks, too; undici: what a Node service with fetch would have met',
    }),
  timeout: Duration.default(CLIENT_TIMEOUT_MS).meta({
    description: 'Longest time from the due moment to the end of the answer',
  }),
  connect_timeout: Duration.optional().meta({ description: 'Longest time to connect; default: timeout' }),
  head_timeout: Duration.optional().meta({
    description: 'Longest time from the request written to the head of the answer; default: timeout',
  }),
  body_timeout: Duration.optional().meta({
    description: 'Longest time from the head to the end of the answer; default: timeout',
  }),
  session_resumption: z
    .boolean()
    .default(true)
    .meta({ description: 'https: new connections resume an earlier TLS session, as browsers do (wire and http2)' }),
  retry: z
    .enum(['none', 'idempotent'])
    .default('none')
    .meta({
      description:
        'idempotent: repeat idempotent requests once when a reused connection ended without an answer, as RFC 9110 ' +
        '9.2.2 allows, and in HTTP/2 any that was not processed; counted as retried',
    }),
});
export type Client = z.output<typeof Client>;

/** The load: streams that are judged, pressure that is not, sentinels for each restart. */
export const Traffic = z.strictObject({
  arrivals: z
    .record(NAME, Stream)
    .refine((streams) => Object.keys(streams).length > 0, { error: 'at least one stream' })
    .prefault({
      fresh: { rate: '200/s', connection: 'new' },
      keepalive: { rate: '200/s', connection: 'reused', connections: 16 },
    })
    .meta({ description: 'Open-loop streams by name; these are judged' }),
  pressure: Pressure.optional().meta({
    description: 'Closed-loop load by autocannon; makes it hard for the target, never judged',
  }),
  sentinels: z
    .partialRecord(z.enum(SENTINELS), SentinelEntry)
    .default({})
    .meta({ description: 'Connections put in a delicate state before each restart' }),
  client: Client.prefault({}).meta({ description: 'How the requests are sent' }),
  agents: z
    .union([z.literal('auto'), z.int().min(1).max(16)])
    .default('auto')
    .meta({ description: 'Number of processes that send the arrivals; auto: one, or as many as a high rate needs' }),
});
export type Traffic = z.output<typeof Traffic>;

const Adversity = z.strictObject({
  freeze: Duration.optional().meta({
    description: 'SIGSTOP the old instance for this long around the signal, so that its accept queue fills',
  }),
});

const Controls = z.strictObject({
  positive: z
    .boolean()
    .default(true)
    .meta({ description: 'Before the run, count the known faults of a built-in leaky server with the same traffic' }),
  negative: z
    .int()
    .min(0)
    .max(100)
    .default(2)
    .meta({ description: 'Sham restarts before the first real one: what they lose is noise' }),
});

/** The fields that an arm may override. */
const ARM_FIELDS = {
  target: Target.meta({ description: 'What is restarted' }),
  services: z.record(ServiceName, Service).default({}).meta({
    description:
      'What the target needs beside it, such as a session store, by name: started before it, never restarted',
  }),
  fleet: Fleet.optional().meta({
    description:
      'Several instances of the target behind a front door, each with a ${PORT} of its own; clients speak to ' +
      'the front door',
  }),
  restart: Restart.meta({ description: 'How and how often it is restarted' }),
  traffic: Traffic.prefault({}).meta({
    description: 'The load: streams that are judged, pressure that is not, sentinels for each restart',
  }),
  thresholds: Thresholds.prefault({}).meta({ description: 'What is still a pass; totals over all restarts of an arm' }),
  adversity: Adversity.prefault({}).meta({ description: 'What makes a restart harder than usual' }),
  controls: Controls.prefault({}).meta({
    description: 'What shows that zerodrop counts what is there and nothing else; --no-controls leaves both out',
  }),
  expect: Expect.prefault('pass'),
};

/** One arm with everything filled in: a target, a strategy, the traffic and what is still a pass. */
export const Arm = z.strictObject(ARM_FIELDS);
/** As `Arm`, with its name. Durations in ms, rates per second. */
export type Arm = z.output<typeof Arm> & { name: string };
export type ArmSource = z.input<typeof Arm>;

/** The fields of a file that stand outside the arms. */
export const ScenarioHead = z.strictObject({
  name: NAME.meta({ description: 'Name of the scenario, also of its folder under reports/' }),
  description: z.string().default('').meta({ description: 'What it shows, in a line or two' }),
  needs: z
    .array(z.string().regex(/^[\w.+-]+$/, { error: 'the name of a program' }))
    .default([])
    .meta({ description: 'Programs that must be in PATH; without one of them the run does not begin' }),
});

/** Lists of values; each combination is an arm. */
export const Matrix = z.record(z.string().regex(/^[\w-]+$/), z.array(Scalar).min(1)).meta({
  description:
    'In place of arms: lists of values, such as {express: [4, 5]}; each combination is an arm, such as ' +
    'express-4, in which ${matrix.express} stands for its value',
});

/** The whole file without arms; with arms, each of them overrides a part of it. */
export const ScenarioFile = z.strictObject({
  ...ScenarioHead.shape,
  ...ARM_FIELDS,
  arms: z
    .record(NAME, z.looseObject({}))
    .optional()
    .meta({ description: 'Variants to compare; each overrides what stands above' }),
  matrix: Matrix.optional(),
});

/** A part of T, in which null takes away what stands above. */
type Override<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Override<T[K]> | null } : T;
type DeepPartial<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

/** A scenario as its author writes it, in YAML, JSON or TypeScript. */
export type ScenarioSource = z.input<typeof ScenarioHead> &
  DeepPartial<ArmSource> & { arms?: Record<string, Override<ArmSource> | null>; matrix?: z.input<typeof Matrix> };

/** A scenario with all defaults filled in; at least one arm. */
export interface Scenario {
  name: string;
  description: string;
  /** Names of programs that must be in PATH. */
  needs: string[];
  arms: Arm[];
}

import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario, scenarioOf } from '../../src/scenario/load.ts';
import { fileOf, LEAST, refusalOf } from './files.ts';

const problemsOf = async (part: Record<string, unknown>): Promise<readonly string[]> =>
  (await refusalOf(() => scenarioOf({ ...LEAST, ...part }))).details;
const accepted = (part: Record<string, unknown>): void => void scenarioOf({ ...LEAST, ...part });

describe('a strategy', () => {
  it('needs its command when it is command', async () => {
    expect(await problemsOf({ restart: { strategy: 'command' } })).toEqual([
      'restart.command: expected the command that restarts the target, since restart.strategy is command; got nothing',
    ]);
    accepted({ restart: { strategy: 'command', command: 'systemctl restart x' } });
  });

  it('need not be known when its steps are listed', () => {
    accepted({ restart: { strategy: ['stop', 'start', 'ready'] } });
  });
});

describe('a command that needs a shell', () => {
  it('is refused with the YAML that says it, wherever it stands', async () => {
    const [target, build, step] = await problemsOf({
      target: { command: 'FOO=1 ./x', build: 'make > log' },
      restart: { strategy: ['stop', { run: { command: 'rm a && rm b' } }, 'start', 'ready'] },
    });
    expect(target).toBe(
      'target.command: expected a program and its arguments, since no shell is started; got "FOO=1 ./x" (text), in ' +
        'which "FOO=1" is for a shell. Under target write command: ./x and environment: {FOO: "1"}, or command: ' +
        '{shell: "FOO=1 exec ./x"}; if it is an argument, put it in quotes',
    );
    expect(build).toMatch(/^target\.build: .*Under target write build: \{shell: "make > log"\}/);
    expect(step).toMatch(/^restart\.strategy\[1\]\.run\.command: .*write command: \{shell: "rm a && rm b"\}/);
  });
});

describe('recycle', () => {
  it.each([{ strategy: 'recycle' }, { strategy: [{ sleep: '1s' }, 'recycled'] }])(
    'has no sentinels: %o',
    async (restart) => {
      expect(
        await problemsOf({
          restart,
          traffic: { sentinels: { idle: 2 } },
          adversity: { freeze: '100ms' },
        }),
      ).toEqual([
        'traffic.sentinels: expected no sentinels, since nobody knows when the target ' +
          'will replace a process; got a map',
        'adversity.freeze: expected no freeze, since nobody knows when the target ' +
          'will replace a process; got "100ms" ' +
          '(text)',
      ]);
      accepted({ restart });
    },
  );
});

describe('a folder', () => {
  it('must exist', async () => {
    expect(await problemsOf({ target: { command: 'x', working_dir: 'no/such' } })).toEqual([
      'target.working_dir: expected a folder that exists, got "no/such" (text): there is no folder ' +
        resolve('no/such'),
    ]);
    expect(await problemsOf({ target: { command: 'x', working_dir: 'package.json' } })).toHaveLength(1);
    expect(await problemsOf({ target: { command: 'x', working_dir: 'a\0b' } })).toHaveLength(1);
  });
});

describe('an address', () => {
  it.each(['localhost:80', 'ftp://x', '127.0.0.1:${PORT}', 'http://', ''])('must be one: %s', async (url) => {
    expect(await problemsOf({ target: { command: 'x', url } })).toEqual([
      `target.url: expected an http or https address, such as http://127.0.0.1:\${PORT}; got ` +
        `${JSON.stringify(url)} (text)`,
    ]);
  });

  it('has no path', async () => {
    expect(await problemsOf({ target: { command: 'x', url: 'http://127.0.0.1:80/api' } })).toEqual([
      'target.url: expected an address without a path (paths stand in healthcheck and traffic), got ' +
        '"http://127.0.0.1:80/api" (text)',
    ]);
    accepted({ target: { command: 'x', url: 'http://127.0.0.1:80/' } });
    accepted({ target: { command: 'x', url: 'http://[::1]:${PORT}' } });
  });

  it('may be https, with certificate files that exist', async () => {
    const target = { command: 'x', url: 'https://127.0.0.1:${PORT}' };
    accepted({ target });
    accepted({ target: { ...target, build: 'make certificates', ca: 'none.pem' } });
    expect(await problemsOf({ target: { ...target, ca: 'none.pem' } })).toEqual([
      'target.ca: expected a PEM file that exists in target.working_dir, got "none.pem" (text)',
    ]);
    expect(await problemsOf({ target: { command: 'x', server_name: 'a.test', insecure_skip_verify: true } })).toEqual([
      'target.server_name: expected an https address in target.url, which it is for; got "a.test" (text)',
    ]);
  });

  it.each(['http://unix:${SCRATCH}/s.sock:/', 'http+unix://s.sock', 'unix:/run/s.sock'])(
    'is no Unix socket: %s',
    async (url) => {
      expect(await problemsOf({ target: { command: 'x', url } })).toEqual([
        'target.url: expected a TCP address, since Unix sockets are not supported: let the target listen on ' +
          `\${PORT} and write http://127.0.0.1:\${PORT}; got ${JSON.stringify(url)} (text)`,
      ]);
    },
  );
});

describe('a placeholder', () => {
  it('is PORT or a variable', async () => {
    accepted({
      target: {
        command: ['./server', '${PORT}', '${LEVEL}', '${PATH}'],
        build: 'make DIR=${SCRATCH}',
        pid_file: '${SCRATCH}/pid',
        environment: { LEVEL: 3, HOME_OF: '${HOME}/x', LISTEN: ':${PORT}' },
        url: 'http://127.0.0.1:${PORT}',
      },
    });
    expect(
      await problemsOf({
        target: {
          command: './server -p ${PROT} -l ${LEVLE}',
          build: ['x', '${PORT}'],
          environment: { LEVEL: 3, OTHER: '${LEVEL}' },
          url: 'http://127.0.0.1:${PROT}',
        },
      }),
    ).toEqual([
      `target.url: expected \${PORT} or a variable of zerodrop's own environment; got "\${PROT}"; did you mean "PORT"?`,
      `target.environment.OTHER: expected \${PORT} or a variable of zerodrop's own environment; got "\${LEVEL}"`,
      `target.build[1]: expected a variable of target.environment or of zerodrop's own environment; got "\${PORT}"`,
      "target.command: expected ${PORT} or a variable of target.environment or of zerodrop's own environment; " +
        'got "${PROT}"; did you mean "PORT"?',
      "target.command: expected ${PORT} or a variable of target.environment or of zerodrop's own environment; " +
        'got "${LEVLE}"; did you mean "LEVEL"?',
    ]);
  });

  it('is looked for in the commands of steps too', async () => {
    const restart = { strategy: [{ run: 'x ${PROT}' }, { rollback: [{ run: { command: ['y', '${PROT}'] } }] }] };
    expect((await problemsOf({ restart })).map((problem) => problem.split(':')[0])).toEqual([
      'restart.strategy[0].run',
      'restart.strategy[1].rollback[0].run.command[1]',
    ]);
  });

  it('is the business of the shell where there is one', () => {
    accepted({ target: { command: { shell: 'for i in 1; do echo ${i} ${x:-y}; done' } } });
  });
});

describe('services', () => {
  it('have ports that everybody may use, and folders that exist', async () => {
    accepted({
      services: {
        redis: { command: 'redis-server --port ${REDIS_PORT} --dir ${SCRATCH}' },
        'key-db': { command: 'x ${KEY}', environment: { KEY: '${REDIS_PORT}' } },
      },
      target: { command: 'x ${KEY_DB_PORT}', environment: { STORE: '127.0.0.1:${REDIS_PORT}' } },
    });
    expect(
      await problemsOf({ services: { redis: { command: 'x ${PORT} ${REDIS_PROT}', working_dir: 'nowhere' } } }),
    ).toEqual([
      expect.stringMatching(/^services\.redis\.working_dir: expected a folder that exists, got "nowhere"/),
      'services.redis.command: expected the port of a service (${REDIS_PORT}) or a variable of its environment ' +
        'or of zerodrop\'s own environment; got "${PORT}"',
      'services.redis.command: expected the port of a service (${REDIS_PORT}) or a variable of its environment ' +
        'or of zerodrop\'s own environment; got "${REDIS_PROT}"; did you mean "REDIS_PORT"?',
    ]);
  });

  it('have names with variables of their own', async () => {
    expect(await problemsOf({ services: { 'key-db': { command: 'x' }, key_db: { command: 'y' } } })).toEqual([
      'services.key_db: expected a name whose variable is its own; got KEY_DB_PORT, which is that of key-db, too',
    ]);
  });
});

describe('a target that already runs', () => {
  const target = { url: 'http://127.0.0.1:8080' };
  const because = 'since target.command is missing and zerodrop cannot start the target';

  it.each(['stop-start', 'kill-start', 'socket-activation'])('cannot be restarted by %s', async (strategy) => {
    expect(await problemsOf({ target, restart: { strategy } })).toEqual([
      'restart.strategy: expected a strategy that does not start instances (signal-handoff, ' +
        `exec-in-place, reload-workers, recycle, command, systemd, supervisor), ${because}; got "${strategy}" (text)`,
    ]);
  });

  it('cannot be started by a step', async () => {
    const strategy = [{ signal: 'HUP' }, 'stop', { start: { socket: 'own' } }, { rollback: [{ kill: null }] }];
    const wanted = `expected a step that starts and ends no instance, such as run or signal, ${because}`;
    expect(await problemsOf({ target, restart: { strategy } })).toEqual([
      `restart.strategy[1]: ${wanted}; got "stop" (text)`,
      `restart.strategy[2]: ${wanted}; got "start" (text)`,
      `restart.strategy[3].rollback[0]: ${wanted}; got "kill" (text)`,
    ]);
  });

  it('can be restarted by others', () => {
    accepted({ target, restart: { strategy: 'signal-handoff' } });
    accepted({ target, restart: { strategy: 'command', command: 'x' } });
    accepted({ target, restart: { strategy: [{ run: 'x' }, 'replaced'] } });
  });
});

describe('a freeze', () => {
  it('is shorter than clients wait, so that it alone loses nothing', async () => {
    const frozen = (freeze: string, client: Record<string, string>) => ({
      restart: { strategy: 'signal-handoff' },
      adversity: { freeze },
      traffic: { client },
    });
    const said = 'expected less than what the client waits for an answer (traffic.client, 1s); got "3s" (text)';
    expect(await problemsOf(frozen('3s', { timeout: '1s' }))).toEqual([`adversity.freeze: ${said}`]);
    expect(await problemsOf(frozen('3s', { head_timeout: '1s' }))).toEqual([`adversity.freeze: ${said}`]);
    expect(
      await problemsOf({
        restart: { strategy: [{ freeze: '3s' }, 'stop', 'start'] },
        traffic: { client: { timeout: '1s' } },
      }),
    ).toEqual([`restart.strategy[0].freeze: ${said}`]);
    accepted(frozen('3s', {}));
    accepted(frozen('200ms', { timeout: '1s' }));
  });
});

describe('a fleet', () => {
  const rolled = (rolling: Record<string, unknown>, fleet: Record<string, unknown> = { replicas: 2 }) => ({
    fleet,
    restart: { strategy: 'rolling', rolling },
  });
  const fleetProblemsOf = async (part: Record<string, unknown>): Promise<readonly string[]> =>
    (await refusalOf(() => scenarioOf({ ...LEAST, ...part }))).details;

  it('is needed by what is about several instances, and wants a strategy for them', async () => {
    expect(await fleetProblemsOf({ restart: { strategy: 'rolling' } })).toEqual([
      expect.stringMatching(
        /^fleet: expected how many instances there are, such as \{replicas: 3\}, since rolling is about several/,
      ),
    ]);
    expect(await fleetProblemsOf({ fleet: { replicas: 2 }, restart: { strategy: 'stop-start' } })).toEqual([
      expect.stringMatching(/^restart\.strategy: expected a strategy for a fleet/),
    ]);
  });

  it('can begin, and can be available before its deadline', async () => {
    expect(await fleetProblemsOf(rolled({ maxSurge: 0, maxUnavailable: '0%' }))).toEqual([
      expect.stringMatching(/^restart\.rolling\.maxUnavailable: expected more than 0/),
    ]);
    expect(await fleetProblemsOf(rolled({ minReadySeconds: 3, progressDeadlineSeconds: 3 }))).toEqual([
      'restart.rolling.progressDeadlineSeconds: expected more than minReadySeconds (3), or no new instance ' +
        'could count as available in time; got 3 (a number)',
    ]);
    scenarioOf({ ...LEAST, ...rolled({ minReadySeconds: 3, progressDeadlineSeconds: 4 }) });
    scenarioOf({ ...LEAST, ...rolled({ progressDeadlineSeconds: 1 }) });
  });

  it('gets a cookie from haproxy alone', async () => {
    expect(await fleetProblemsOf(rolled({}, { replicas: 2, front: { sticky: 'cookie' } }))).toEqual([
      expect.stringMatching(/^fleet\.front\.kind: expected haproxy, which can set a cookie/),
    ]);
  });
});

it('a contradiction has the line of the field that is there', async () => {
  const text =
    'name: a\ntarget:\n  command: x\n  url: http://127.0.0.1:${PORT}\nrestart:\n  strategy: command\n  count: 2\n';
  const refusal = await refusalOf(() => loadScenario(fileOf(text)));
  expect(refusal.details).toEqual([
    'restart.command (line 5): expected the command that restarts the target, since restart.strategy is command; ' +
      'got nothing',
  ]);
});

describe('a client that speaks HTTP/2', () => {
  const traffic = (part: Record<string, unknown>) => ({ traffic: { client: { kind: 'http2' }, ...part } });

  it('goes with a target that it can speak to', () => {
    accepted(traffic({ sentinels: { http2: 3 } }));
    accepted({ ...traffic({}), target: { command: 'x', url: 'https://127.0.0.1:${PORT}' } });
  });

  it('has no sentinels of HTTP/1.1, no pressure by autocannon, and no headers of connections', async () => {
    expect(
      await problemsOf(
        traffic({
          sentinels: { pipelined: 3, websocket: 1 },
          pressure: {},
          arrivals: { a: { rate: '1/s', headers: { Connection: 'close', 'X-Own': 'y' } } },
        }),
      ),
    ).toEqual([
      'traffic.pressure: expected nothing, since traffic.client.kind is http2 and autocannon speaks HTTP/1.1 only',
      ...['pipelined', 'websocket'].map(
        (name) => expect.stringMatching(`^traffic.sentinels.${name}: .*since traffic.client.kind is http2`) as string,
      ),
      'traffic.arrivals.a.headers.Connection: expected a header that HTTP/2 allows, since traffic.client.kind is ' +
        'http2; got "Connection" (text)',
    ]);
  });

  it('has no fleet, whose front door speaks HTTP/1.1', async () => {
    const problems = await problemsOf({
      ...traffic({}),
      fleet: { replicas: 2 },
      restart: { strategy: 'rolling' },
    });
    expect(problems).toEqual([
      expect.stringMatching(/^traffic\.client\.kind: expected wire or undici, since the front door/) as string,
    ]);
  });
});

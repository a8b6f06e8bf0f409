/**
 * Starts the example targets by hand and speaks to them with Node's own client, so that they are checked by something
 * else than zerodrop itself.
 *
 * Rule: whatever was started is ended by `endAll`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const NODE_TARGETS = fileURLToPath(new URL('../../scenarios/targets/node/', import.meta.url));

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  instance: string;
}

export interface Started {
  child: ChildProcess;
  port: number;
  /** All that it wrote so far. */
  output(): string;
  ended: Promise<number | NodeJS.Signals>;
}

const started: ChildProcess[] = [];

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a target of scenarios/targets/node and waits until it answers. */
export function startTarget(file: string, environment: Record<string, string> = {}): Promise<Started> {
  return startProgram([process.execPath, NODE_TARGETS + file], environment);
}

/** Starts a program in a process group of its own and waits until it answers. */
export async function startProgram(
  [program, ...words]: readonly [string, ...string[]],
  environment: Record<string, string> = {},
): Promise<Started> {
  const port = await freePort();
  const child = spawn(program, words, {
    env: { ...process.env, PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  const target = { child, port, output: () => output, ended };
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${[program, ...words].join(' ')} ended: ${output}`);
    return (await get(port, '/healthz').catch(() => undefined)) !== undefined;
  });
  return target;
}

/** Ends every process that was started, with all that belongs to its group. */
export async function endAll(): Promise<void> {
  for (const child of started.splice(0)) {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // The whole group is gone already.
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}

/** One request; without an agent on a connection of its own. Rejects when there is no whole answer. */
export async function request(
  port: number,
  path: string,
  options: http.RequestOptions = {},
  body?: string | Buffer,
): Promise<Answer> {
  const sent = http.request({ host: '127.0.0.1', port, path, agent: false, ...options });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  if (!response.complete) throw new Error('the answer was cut');
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
    instance: String(response.headers['x-instance']),
  };
}

export const get = (port: number, path: string, options: http.RequestOptions = {}): Promise<Answer> =>
  request(port, path, options);

/** A bare connection, and all that came on it. */
export async function connect(
  port: number,
): Promise<{ socket: net.Socket; received(): string; closed: Promise<'clean' | 'reset'> }> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = new Promise<'clean' | 'reset'>((resolve) => {
    socket.once('end', () => resolve('clean'));
    socket.once('error', () => resolve('reset'));
  });
  return { socket, received: () => text, closed };
}

export const plainRequest = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

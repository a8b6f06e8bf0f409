/**
 * `zerodrop try` on servers of several makes: it finds how each can be reached, and says in words what a restart of it
 * costs.
 *
 * Rule: real servers as their users write them; the sentences are held to what each server is known to do.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { sandbox, type Ended, type Sandbox } from './zerodrop.ts';

const MINUTES = 60_000;
const NODE = `import { createServer } from 'node:http';
const answer = (request, response) => { request.resume(); request.on('end', () => response.end('ok')); };
`;
/** Drains as it should: nothing new is accepted, requests under way are finished, idle connections are closed. */
const DRAINS = `${NODE}let leaving = false;
const server = createServer((request, response) => {
  if (leaving) response.setHeader('Connection', 'close');
  setTimeout(() => answer(request, response), 25);
}).listen(process.env.PORT, '127.0.0.1');
process.on('SIGTERM', () => {
  leaving = true;
  server.close();
  server.closeIdleConnections();
});
`;
const GO = `package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			w.WriteHeader(404)
			return
		}
		io.Copy(io.Discard, r.Body)
		time.Sleep(25 * time.Millisecond)
		fmt.Fprint(w, "ok")
	})
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: handler}
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	done := make(chan bool)
	go func() {
		<-term
		server.Shutdown(context.Background())
		close(done)
	}()
	server.ListenAndServe()
	<-done
}
`;
const PYTHON = `def app(environ, start_response):
    environ['wsgi.input'].read()
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '2')])
    return [b'ok']
`;

let box: Sandbox;
beforeEach(() => (box = sandbox()));
afterEach(async () => {
  expect(await box.leftovers()).toEqual([]);
  box.remove();
});

/** Runs `zerodrop try` and returns its answers by question, with runs of blanks as one. */
async function answers(...args: string[]): Promise<Ended & { said: string }> {
  const ended = await box.zerodrop('try', ...args);
  expect(ended.stderr).not.toContain('bug');
  return { ...ended, said: ended.stdout.replace(/\s+/g, ' ') };
}

describe('six servers', () => {
  it(
    'says of a server that drains that a rollout with preStop loses nothing, and saves a scenario that runs',
    async () => {
      box.file('server.mjs', DRAINS);
      const { code, said } = await answers('--save', 'api.yaml', '--', 'node', 'server.mjs');
      expect(said).toMatch(/Drains on SIGTERM (?:yes|partly): requests \d+ of \d+ finished, uploads 20 of 20 finished/);
      // On a busy machine a slow server also throws out what waits in its accept queue, but preStop always helps.
      const [, without, withPreStop] = /rollout of 2 ([\d,]+) lost.* without preStop ([\d,]+) lost/.exec(said) ?? [];
      expect(Number(without)).toBeGreaterThan(10);
      expect(Number(withPreStop)).toBeLessThan(Number(without) / 2);
      expect(said).toContain('lost in 1 window without a restart');
      expect(code).toBe(0);
      expect(existsSync(join(box.folder, /Report: (\S+)/.exec(said)?.[1] ?? ''))).toBe(true);
      expect((await box.zerodrop('validate', 'api.yaml')).code).toBe(0);
      const run = await box.zerodrop('run', 'api.yaml', '--restarts', '1', '--no-controls', '--quiet');
      expect([0, 1, 2]).toContain(run.code);
      expect(run.stdout).toContain('Report: ');
    },
    6 * MINUTES,
  );

  it.skipIf(!needs('go'))(
    'finds the path of a Go server that answers only at /healthz',
    async () => {
      box.file('main.go', GO);
      execFileSync('go', ['build', '-o', 'api', 'main.go'], {
        cwd: box.folder,
        env: { ...process.env, GO111MODULE: 'off' },
      });
      const { said, stderr } = await answers('--', './api');
      expect(stderr).toContain('It listens on the port in PORT, and answers at /healthz.');
      expect(said).toMatch(/Drains on SIGTERM (?:yes|partly): requests \d+ of \d+ finished, uploads 20 of 20 finished/);
      expect(said).toMatch(/[1-9][\d,]* lost \(.*\) without preStop .* with preStop of 3 s/);
    },
    6 * MINUTES,
  );

  it.skipIf(!needs('gunicorn'))(
    'sees that gunicorn serves on an inherited socket, and reads PORT',
    async () => {
      box.file('app.py', PYTHON);
      const { said, stderr } = await answers('--', 'gunicorn', 'app:app');
      expect(said).toContain('Takes a socket over (LISTEN_FDS) yes');
      expect(stderr).toContain('It listens on the port in PORT');
      expect(said).toContain('strategy socket-activation');
    },
    6 * MINUTES,
  );

  it(
    'measures a server that npm starts',
    async () => {
      box.file('server.mjs', DRAINS);
      box.file('package.json', '{"name": "api", "version": "1.0.0", "scripts": {"start": "node server.mjs"}}');
      const { said } = await answers('--', 'npm', 'start');
      expect(said).toMatch(/Plain restart [1-9][\d,]* lost/);
      expect(said).toMatch(/Drains on SIGTERM (?:yes|partly|no): /);
    },
    6 * MINUTES,
  );

  it(
    'uses the port of a server that ignores PORT, and says why it cannot be rolled out',
    async () => {
      const port = await freePort();
      box.file('server.mjs', `${NODE}createServer(answer).listen(${port}, '127.0.0.1');`);
      const { said, stderr } = await answers('--', 'node', 'server.mjs');
      expect(stderr).toContain(`It ignores PORT and listens on port ${port}, and answers at /.`);
      expect(said).toContain(`not measured: it opens port ${port} and ignores PORT`);
      expect(said).toMatch(/Drains on SIGTERM no: /);
    },
    6 * MINUTES,
  );

  it(
    'says of a server that never drains that it was killed',
    async () => {
      box.file(
        'server.mjs',
        `${NODE}createServer(answer).listen(process.env.PORT, '127.0.0.1');\nprocess.on('SIGTERM', () => {});`,
      );
      const { said } = await answers('--count', '1', '--', 'node', 'server.mjs');
      expect(said).toContain(
        'Drains on SIGTERM no: it did not end within 5 s after SIGTERM, and was killed in 1 of 1 restart',
      );
      expect(said).toContain('Let the server end after the signal');
    },
    6 * MINUTES,
  );
});

describe('a service that runs already', () => {
  /** Starts the server, and starts it again on SIGHUP, as a supervisor does. */
  const SUPERVISOR = `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
let server;
const start = () => (server = spawn(process.execPath, ['server.mjs'], { stdio: 'inherit' }));
process.on('SIGHUP', () => { server.once('exit', start); server.kill('SIGTERM'); });
process.on('SIGTERM', () => { server.once('exit', () => process.exit(0)); server.kill('SIGKILL'); });
start();
writeFileSync('pid', String(process.pid));
`;

  it(
    'is attached to by its address and restarted by the command',
    async () => {
      const port = String(await freePort());
      box.file('server.mjs', DRAINS);
      const supervisor = spawn(process.execPath, [box.file('supervisor.mjs', SUPERVISOR)], {
        cwd: box.folder,
        env: { ...process.env, PORT: port },
        stdio: 'ignore',
      });
      try {
        await answeringAt(port);
        const restart = ['sh', '-c', 'kill -HUP "$(cat pid)"; sleep 1'];
        const { code, said } = await answers(`http://127.0.0.1:${port}/`, '--save', 'service.yaml', '--', ...restart);
        expect(said).toMatch(/Restart [1-9][\d,]* lost \(.*\) of [\d,]+ requests in 2 restarts/);
        expect(said).toMatch(/Drains (?:yes|partly): /);
        expect(code).toBe(0);
        expect((await box.zerodrop('validate', 'service.yaml')).code).toBe(0);
      } finally {
        const ended = once(supervisor, 'exit');
        supervisor.kill('SIGTERM');
        await ended;
      }
    },
    6 * MINUTES,
  );

  it('must answer', async () => {
    const { code, stderr } = await box.zerodrop('try', `http://127.0.0.1:${await freePort()}/`, '--', 'true');
    expect(code).toBe(69);
    expect(stderr).toMatch(/No path of http:\/\/127\.0\.0\.1:\d+ answered with 200 to 399/);
  });
});

describe('a command that cannot be tried', () => {
  it('is answered with its last words when it ends at once', async () => {
    const { code, stderr } = await box.zerodrop(
      'try',
      '--',
      'node',
      '-e',
      'console.log("no database"); process.exit(3)',
    );
    expect(code).toBe(69);
    expect(stderr).toMatch(/ended with exit code 3 before it opened a port\.\n {2}no database\n/);
  });

  it('is answered with what it opened when --port names another one', async () => {
    const port = await freePort();
    box.file('server.mjs', `${NODE}createServer(answer).listen(${port}, '127.0.0.1');`);
    const { code, stderr } = await box.zerodrop('try', '--port', '1', '--', 'node', 'server.mjs');
    expect(code).toBe(69);
    expect(stderr).toContain(`opened not port 1, but ${port}, within 20 s`);
  });

  it('is answered with its status when no path is well', async () => {
    box.file(
      'server.mjs',
      `${NODE}createServer((request, response) => response.writeHead(404).end()).listen(process.env.PORT);`,
    );
    const { code, stderr } = await box.zerodrop('try', '--', 'node', 'server.mjs');
    expect(code).toBe(69);
    expect(stderr).toContain('GET /: status 404');
    expect(stderr).toContain('zerodrop try --path /PATH');
  });

  it.each([
    [['node', 'server.js'], 'Did you mean: zerodrop try -- node server.js'],
    [['try', 'node', 'server.js'], 'Did you mean: zerodrop try -- node server.js'],
    [['./api', '--flag'], 'Did you mean: zerodrop try -- ./api --flag'],
    [['try'], 'zerodrop try -- node server.js'],
    [['try', 'node'], 'zerodrop try -- node'],
    [['try', '--header', 'nonsense', '--', 'node'], "Write it as 'Name: value'."],
    [['try', '--save', 'a.txt', '--', 'node'], 'Use a .yaml or .yml name.'],
  ])('%j is answered with the words that were meant', async (args, hint) => {
    const { code, stderr } = await box.zerodrop(...args);
    expect(code).toBe(64);
    expect(stderr).toContain(hint);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => {
        resolve(port);
      });
    });
  });
}

async function answeringAt(port: string): Promise<void> {
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answered?.ok === true) return;
    await delay(50);
  }
}

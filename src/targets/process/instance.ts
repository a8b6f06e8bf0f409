/**
 * One process that zerodrop starts as an instance of the target.
 *
 * Rule: it leads a process group and session of its own, carries the run's token in its environment, and its last
 * output is kept.
 */
import { spawn } from 'node:child_process';
import type { Exit } from '../../model/event.ts';
import { ZerodropError } from '../../errors.ts';
import { checkProgram, type Program } from '../../processes/command.ts';
import { LISTEN_ENVIRONMENT, withListenPid, type InheritedSocket } from './inherited-socket.ts';
import { openOutlet, type Outlet } from '../../processes/outlet.ts';
import { keepLastLines } from '../../processes/output.ts';
import { groupLedBy, noteLeaderEnded, type Group } from '../../processes/group.ts';
import { generationOf, processOf, type Generation } from '../../processes/proc.ts';

export interface Instance {
  /** Also the number of its process group. */
  readonly pid: number;
  readonly group: Group;
  /** What it was right after the spawn; the image changes when a shell becomes the program. */
  readonly generation: Generation;
  readonly exit: Promise<Exit>;
  /** The exit, once it has ended. */
  readonly ended: Exit | undefined;
  /** The last lines that it and its children wrote. */
  output(): string[];
  /** To be called when we send it a signal, so that its exit can be judged. */
  noteSignal(signal: NodeJS.Signals): void;
  /** The signals that we sent. */
  readonly signals: ReadonlySet<string>;
  /** Lets go of its output. */
  release(): void;
}

/** An instance of a target, and its lane in the log. */
export interface Started {
  instance: Instance;
  lane: number;
}

export interface InstanceOptions {
  program: Program;
  folder: string;
  environment: NodeJS.ProcessEnv;
  socket?: InheritedSocket | undefined;
  /**
   * Gives where it writes, once it is known that it can be started; undefined: a socket of Node's. Default: a new
   * outlet.
   */
  outlet?: () => Promise<Outlet | undefined>;
  /** Called once, when it has ended. */
  ended: (exit: Exit) => void;
}

/** Starts an instance. Rejects with ZerodropError `command-not-found`. */
export async function startInstance({
  program,
  folder,
  environment,
  socket,
  outlet: givenOutlet = openOutlet,
  ended,
}: InstanceOptions): Promise<Instance> {
  checkProgram(program.file, folder, environment['PATH']);
  const { file, args } = socket === undefined ? program : withListenPid(program);
  const outlet = await givenOutlet();
  const output = outlet?.fd ?? 'pipe';
  const child = spawn(file, args, {
    cwd: folder,
    env: socket === undefined ? environment : { ...environment, ...LISTEN_ENVIRONMENT },
    detached: true,
    stdio: ['ignore', output, output, ...(socket === undefined ? [] : [socket.fd])],
  });
  // Without a number it could not be spawned, which is said below.
  const group = groupLedBy(child.pid ?? -1);
  const signals = new Set<string>();
  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit =
        signal === null
          ? { by: 'code', code: code ?? 0, forced: false }
          : { by: 'signal', signal, forced: signals.has('SIGKILL') };
      noteLeaderEnded(group);
      ended(exit);
      resolve(exit);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      outlet?.close();
      reject(
        new ZerodropError(
          'command-not-found',
          `"${file}" could not be started: ${error.message}.`,
          'Correct target.command or target.working_dir.',
        ),
      );
    });
  });
  const pid = child.pid as number;
  outlet?.handedOver();
  const streams = outlet === undefined ? [child.stdout, child.stderr] : [outlet.stream];
  const { lines } = keepLastLines(streams);
  const process = processOf(pid);
  return {
    pid,
    group,
    generation: process === undefined ? { pid, startTicks: 0, image: 0 } : generationOf(process),
    exit: exited,
    get ended() {
      return exit;
    },
    output: lines,
    noteSignal: (signal) => void signals.add(signal),
    signals,
    release() {
      for (const stream of streams) stream?.destroy();
      child.unref();
    },
  };
}

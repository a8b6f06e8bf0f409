/**
 * The cluster of test/kubernetes/lab, for the tests that need a real one.
 *
 * Rule: it is up only while such a test runs, in a folder of its own, and ends by itself when the test cannot end it.
 * Where it cannot be (not root, programs missing) tests are skipped with a notice, and fail in CI.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missing } from '../needs.ts';

const SCRIPTS = fileURLToPath(new URL('lab', import.meta.url));
/** Longest life of the lab. */
const LIMIT_S = 1200;
const READY_S = 170;

export interface Lab {
  /** The folder of what runs. */
  run: string;
  kubeconfig: string;
  /** Put before a command, it runs in the network of a client outside of the cluster, with KUBECONFIG set. */
  inside: readonly string[];
  /** Runs kubectl; resolves with its output, rejects when it fails. */
  kubectl(words: readonly string[], input?: string): Promise<string>;
  /** Applies a variant of examples/api.sh and waits until it is rolled out and no old pod is left. */
  deploy(variant: string): Promise<void>;
  /** Deletes Deployment and Service of `deploy`, and waits until no pod is left. */
  undeploy(): Promise<void>;
  /** Requests answered, by the pods' own accounts, also of those that are gone. */
  accounts(): Record<string, number>;
  /** Kills the API server, which comes back after so many seconds. */
  restartApi(downS: number): Promise<void>;
  down(): Promise<void>;
}

/** Whether the lab can be brought up on this machine. Throws in CI when it cannot, unless ZERODROP_LAB is "none". */
export function canHaveLab(): boolean {
  if (process.env['ZERODROP_LAB'] === 'none') return false;
  if (process.getuid?.() !== 0) return missing('a Kubernetes for tests (it needs root)');
  if (spawnSync(join(SCRIPTS, 'build.sh'), ['--check']).status === 0) return true;
  return missing('a Kubernetes for tests (see test/kubernetes/lab/README.md)');
}

/** Brings the lab up. */
export async function bringUp(): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-lab-'));
  const run = join(folder, 'run');
  const environment = { ...process.env, LAB_RUN: run, LIMIT: String(LIMIT_S), READY: String(READY_S) };
  const script = (name: string, words: readonly string[] = [], input?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = execFile(join(SCRIPTS, name), words, { env: environment }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${name} ${words.join(' ')}: ${stderr || stdout || error.message}`));
      });
      child.stdin?.end(input);
    });
  const kubectl: Lab['kubectl'] = (words, input) => script('in.sh', ['kubectl', ...words], input);
  const gone = (): Promise<string> => kubectl(['wait', '--for=delete', 'pod', '-l', 'app=api', '--timeout=90s']);
  await script('up.sh');
  return {
    run,
    kubeconfig: join(run, 'kubeconfig'),
    inside: ['env', `LAB_RUN=${run}`, join(SCRIPTS, 'in.sh')],
    kubectl,
    async deploy(variant) {
      await kubectl(['apply', '-f', '-'], await script('examples/api.sh', [variant]));
      await kubectl(['rollout', 'status', 'deployment/api', '--timeout=90s']);
    },
    async undeploy() {
      await kubectl(['delete', 'deployment/api', 'service/api']);
      await gone();
    },
    accounts: () => accountsIn(run),
    async restartApi(downS) {
      await script('restart-api.sh', [String(downS)]);
    },
    async down() {
      await script('down.sh');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One byte for each request. */
function accountsIn(run: string): Record<string, number> {
  const folders = ['node1', 'node2']
    .map((node) => join(run, node, 'log', 'account'))
    .filter((path) => existsSync(path));
  return Object.fromEntries(
    folders.flatMap((folder) => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size])),
  );
}

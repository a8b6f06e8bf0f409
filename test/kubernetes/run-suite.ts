/** Whole runs against a Deployment of the lab: verdicts, counts that equal the pods' own accounts, and errors. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import { sandbox, type Ended } from '../cli/zerodrop.ts';
import type { Lab } from './lab.ts';

const SCENARIO = {
  name: 'workload',
  target: {
    kubernetes: { workload: 'deployment/api' },
    url: 'http://10.96.0.80',
    healthcheck: { path: '/healthz' },
    identity: { header: 'x-instance' },
  },
  restart: { strategy: 'kubernetes', count: 1, timeout: '2m' },
  traffic: {
    arrivals: {
      fresh: { rate: '60/s', connection: 'new' },
      keepalive: { rate: '20/s', connection: 'reused', connections: 4 },
    },
  },
  controls: { positive: false, negative: 0 },
};
const LIMIT_MS = 240_000;

export function runSuite(lab: () => Lab): void {
  describe('a run', { timeout: LIMIT_MS }, () => {
    /** Deploys a variant, runs, and counts the requests that the pods answered meanwhile. */
    async function ran(variant: string | undefined, source: object, environment: Record<string, string> = {}) {
      if (variant !== undefined) {
        await lab().deploy(variant);
        onTestFinished(() => lab().undeploy());
      }
      const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
      const box = sandbox([...lab().inside, 'env', ...settings]);
      onTestFinished(() => box.remove());
      const ended = await box.zerodrop('run', box.file('workload.yaml', source));
      return { ended, result: resultIn(box.folder), answered: sumOf(lab().accounts()) };
    }

    it('loses requests without preStop, and every answer stands in the account of a pod', async () => {
      const before = sumOf(lab().accounts());
      const without = await ran('no-prestop', SCENARIO);
      const lossy = countsOf(without);
      expect(without.ended.code, without.ended.stdout).toBe(1);
      expect(lossy.refused + lossy.timeout).toBeGreaterThan(0);
      expect(without.ended.stdout).toContain('preStop');
      // What was refused, or never connected, no pod has seen; of the rest one may have answered what did not arrive.
      const unseen = without.answered - before - lossy.answered;
      expect(unseen).toBeGreaterThanOrEqual(0);
      expect(unseen).toBeLessThanOrEqual(lossy.lost - lossy.refused);
    });

    it('needs no more rights than the Role of the guide, and names the one that is missing', async () => {
      await lab().deploy('prestop-sleep');
      onTestFinished(() => lab().undeploy());
      const role = (verbs: string): Promise<string> => lab().kubectl(['apply', '-f', '-'], roleOf(verbs));
      await role('get, list, watch, patch');
      onTestFinished(async () => {
        await lab().kubectl(['delete', 'role/zerodrop', 'rolebinding/zerodrop', 'serviceaccount/zerodrop']);
      });
      const KUBECONFIG = join(lab().run, 'role.kubeconfig');
      const token = await lab().kubectl(['create', 'token', 'zerodrop']);
      writeFileSync(KUBECONFIG, readFileSync(lab().kubeconfig, 'utf8').replace(/token: \w+/, `token: ${token}`));

      const enough = await ran(undefined, SCENARIO, { KUBECONFIG });
      expect(enough.ended.code, enough.ended.stdout).toBe(0);
      await role('get, list, watch');
      const readOnly = await ran(undefined, SCENARIO, { KUBECONFIG });
      expect(readOnly.ended.stdout).toContain(
        'the right to patch deployments.apps in the namespace default is missing',
      );
      await role('get, list, patch');
      const blind = await ran(undefined, SCENARIO, { KUBECONFIG });
      expect(blind.ended.code).toBe(64);
      expect(blind.ended.stderr).toContain('the right to watch deployments.apps in the namespace default is missing');
    });

    it('says what is not there, and what to do', async () => {
      const at = (kubernetes: object): object => ({ ...SCENARIO, target: { ...SCENARIO.target, kubernetes } });
      const workload = 'deployment/api';
      expect((await ran(undefined, at({ workload }))).ended).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('there is no deployments.apps "api" in the namespace default'),
      });
      expect((await ran(undefined, at({ workload, context: 'lob' }))).ended).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('Did you mean "lab"?'),
      });
      expect((await ran(undefined, at({ workload }), { KUBECONFIG: '/nowhere' })).ended.code).toBe(64);
      const KUBECONFIG = join(lab().run, 'away.kubeconfig');
      writeFileSync(KUBECONFIG, readFileSync(lab().kubeconfig, 'utf8').replace(':6443', ':1'));
      expect((await ran(undefined, at({ workload }), { KUBECONFIG })).ended).toMatchObject({
        code: 69,
        stderr: expect.stringContaining('https://10.200.0.1:1'),
      });
    });
  });
}

function resultIn(folder: string): Result | undefined {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const file = files.find((path) => path.endsWith('result.json'));
  return file === undefined ? undefined : (JSON.parse(readFileSync(join(folder, file), 'utf8')) as Result);
}

const sumOf = (accounts: Record<string, number>): number =>
  Object.values(accounts).reduce((sum, count) => sum + count, 0);

function countsOf({ result, ended }: { result: Result | undefined; ended?: Ended }) {
  const counts = result?.arms[0]?.requests;
  if (counts === undefined) throw new Error(`no result: ${ended?.stderr ?? ''}`);
  return counts;
}

/** The Role of scenarios/README.md, with these verbs on Deployments. */
const roleOf = (verbs: string): string => `
apiVersion: v1
kind: ServiceAccount
metadata: {name: zerodrop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: zerodrop}
rules:
  - {apiGroups: [apps], resources: [deployments], verbs: [${verbs}]}
  - {apiGroups: [apps], resources: [replicasets], verbs: [list, watch]}
  - {apiGroups: [""], resources: [pods], verbs: [list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: zerodrop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: zerodrop}
subjects: [{kind: ServiceAccount, name: zerodrop}]
`;

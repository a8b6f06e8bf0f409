/** The watch hands on every change once, whatever becomes of the connection and of the API server. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { accessOf } from '../../src/targets/kubernetes/library.ts';
import { clusterOf } from '../../src/targets/kubernetes/request.ts';
import type { Resource } from '../../src/targets/kubernetes/resource.ts';
import { watch, type Change, type Gap } from '../../src/targets/kubernetes/watch.ts';
import { openApi, type Api } from './api.ts';
import type { Lab } from './lab.ts';

const CONFIG_MAPS: Resource = { group: '', version: 'v1', plural: 'configmaps' };
const PATIENCE = { timeout: 30_000, interval: 50 };

export function watchSuite(lab: () => Lab): void {
  describe('a watch', () => {
    let api: Api;
    beforeAll(async () => {
      api = await openApi(lab());
    });
    afterAll(() => api.close());

    /** Watches the ConfigMaps with this label; what was seen of each is written as `type name value`. */
    async function watched(label: string) {
      vi.stubEnv('KUBECONFIG', api.kubeconfig);
      const closing = new AbortController();
      onTestFinished(async () => {
        closing.abort();
        api.mend();
        vi.unstubAllEnvs();
        await lab().kubectl(['delete', 'configmap', '-l', `test=${label}`]);
      });
      const [seen, gaps]: [string[], Gap[]] = [[], []];
      await watch(
        {
          cluster: clusterOf(await accessOf(undefined)),
          resource: CONFIG_MAPS,
          namespace: 'default',
          labels: `test=${label}`,
          changed: ({ type, object }: Change) => {
            const { value } = object['data'] as { value: string };
            seen.push(`${type} ${object.metadata.name} ${value}`);
          },
          gap: (gap) => gaps.push(gap),
          signal: closing.signal,
        },
        (refusal) => {
          throw refusal;
        },
      );
      const put = (name: string, value: string): Promise<string> =>
        lab().kubectl(
          ['apply', '-f', '-'],
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name, labels: { test: label } },
            data: { value },
          }),
        );
      const has = (...lines: string[]): Promise<void> => vi.waitFor(() => expect(seen).toEqual(lines), PATIENCE);
      return { seen, gaps, put, has };
    }

    it('sees what is made, changed and deleted', async () => {
      const { put, has, gaps } = await watched('plain');
      await put('one', '1');
      await put('one', '2');
      await lab().kubectl(['delete', 'configmap', 'one']);
      await has('there one 1', 'changed one 2', 'gone one 2');
      expect(gaps).toEqual([]);
    });

    it('goes on after a reset where it was, and says that it was cut off', async () => {
      const { put, has, gaps } = await watched('reset');
      await put('two', '1');
      await has('there two 1');
      api.cut();
      await put('two', '2');
      await put('two', '3');
      api.mend();
      await has('there two 1', 'changed two 2', 'changed two 3');
      await vi.waitFor(() => expect(gaps).toMatchObject([{ missed: false }]), PATIENCE);
    });

    it('lists anew when the history is gone, and says that it may have missed something', async () => {
      const { put, has, gaps } = await watched('expired');
      await put('three', '1');
      await put('four', '1');
      await has('there three 1', 'there four 1');
      api.cut();
      await put('three', '2');
      await lab().kubectl(['delete', 'configmap', 'four']);
      // An API server that has just started knows no version of before.
      await lab().restartApi(0);
      api.mend();
      await has('there three 1', 'there four 1', 'gone four 1', 'changed three 2');
      await vi.waitFor(() => expect(gaps).toMatchObject([{ missed: true }]), PATIENCE);
      await put('three', '3');
      await has('there three 1', 'there four 1', 'gone four 1', 'changed three 2', 'changed three 3');
    });
  });
}

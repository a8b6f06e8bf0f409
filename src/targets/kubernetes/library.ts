/**
 * @kubernetes/client-node, for configuration and credentials: kubeconfig files, contexts, exec plugins, tokens.
 *
 * Rule: it is an optional peer and loaded here alone. Requests are made by request.ts, since the library's watch loses
 * events.
 */
import type { KubeConfig } from '@kubernetes/client-node';
import { ZerodropError } from '../../errors.ts';
import { nearestOf } from '../../model/nearest.ts';

/** Where a cluster is and how to speak to it. */
export interface Access {
  /** Name of the context; a cluster may be reached without one, from within. */
  context: string;
  server: URL;
  /** The namespace of the context. */
  namespace: string;
  /** Credentials for one request: they may change in a long run, so they are asked for each time. */
  credentials: KubeConfig;
}

/**
 * The access that KUBECONFIG, ~/.kube/config or the service account of a pod give. Rejects with ZerodropError
 * `package-missing`, `bad-kubeconfig` or `context-not-found`.
 */
export async function accessOf(context: string | undefined): Promise<Access> {
  const { KubeConfig } = await load();
  const credentials = new KubeConfig();
  try {
    credentials.loadFromDefault();
  } catch (error) {
    throw new ZerodropError(
      'bad-kubeconfig',
      `the configuration of kubectl cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      `KUBECONFIG is ${process.env['KUBECONFIG'] ?? 'not set, so ~/.kube/config is read'}. Check it with kubectl ` +
        'config view.',
    );
  }
  const names = credentials.getContexts().map(({ name }) => name);
  if (context !== undefined) {
    if (!names.includes(context)) throw noContext(context, names);
    credentials.setCurrentContext(context);
  }
  const cluster = credentials.getCurrentCluster();
  if (cluster === null || (names.length === 0 && cluster.name === 'cluster')) {
    throw new ZerodropError(
      'context-not-found',
      'no cluster is configured: neither KUBECONFIG nor ~/.kube/config name one, and this is no pod of a cluster',
      names.length === 0
        ? 'Set KUBECONFIG, or write the configuration of the cluster to ~/.kube/config.'
        : `Name one of these in target.kubernetes.context: ${names.join(', ')}.`,
    );
  }
  const current = credentials.getContextObject(credentials.getCurrentContext());
  return {
    context: credentials.getCurrentContext(),
    server: new URL(cluster.server),
    namespace: current?.namespace ?? 'default',
    credentials,
  };
}

function noContext(context: string, names: readonly string[]): ZerodropError {
  const near = nearestOf(context, names);
  return new ZerodropError(
    'context-not-found',
    `there is no context "${context}" in the configuration of kubectl`,
    `${near === undefined ? '' : `Did you mean "${near}"? `}${
      names.length === 0 ? 'It has no context at all' : `It has ${names.join(', ')}`
    }; kubectl config get-contexts lists them.`,
  );
}

async function load(): Promise<typeof import('@kubernetes/client-node')> {
  try {
    return await import('@kubernetes/client-node');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw new ZerodropError(
      'package-missing',
      isMissing
        ? 'a target in Kubernetes needs the package @kubernetes/client-node, which is not installed'
        : `the package @kubernetes/client-node cannot be loaded: ${String(error)}`,
      'Install it beside zerodrop: npm install @kubernetes/client-node@1.4.0 (2.x needs Node 22.19).',
    );
  }
}

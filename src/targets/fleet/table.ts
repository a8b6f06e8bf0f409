/**
 * Who gets new connections.
 *
 * Rule: pure. An instance is in the table while it is ready and not on its way out. Without a share all of them count
 * alike; with one, the new set gets that share together, whatever the number of its instances.
 */
import type { Backend } from '../../model/front.ts';

/** What the table needs to know of an instance. */
export interface Routable {
  name: string;
  host: string;
  port: number;
  isNew: boolean;
  ready: boolean;
}

/** Weights are whole numbers up to this, which every front door understands. */
const MOST = 240;

/**
 * The table of a front door. `share`: what the new set gets, from 0 to 1; undefined when every instance counts alike.
 */
export function tableOf(instances: readonly Routable[], share: number | undefined): Backend[] {
  const ready = instances.filter((instance) => instance.ready);
  const news = ready.filter(({ isNew }) => isNew).length;
  const olds = ready.length - news;
  const raw = ready.map(({ isNew }) => (share === undefined ? 1 : isNew ? share / news : (1 - share) / olds));
  const largest = Math.max(0, ...raw);
  return ready.map(({ name, host, port }, at) => ({
    name,
    host,
    port,
    weight: share === undefined ? 1 : largest === 0 ? 0 : Math.round(((raw[at] as number) / largest) * MOST),
  }));
}

/**
 * Instants spread over a span of time: over the sentinels of one restart, and shifted from restart to restart.
 *
 * Rule: pure and repeatable. The first sentinel of the first restart acts at once.
 */
import type { Post } from './sentinel.ts';

/** The golden ratio's fraction: multiples of it fill an interval evenly, however many there are. */
const GOLDEN = 0.618_033_988_749_895;

/** The instant of sentinel `index` of `count` within `spanMs`, ms. */
export function sweptMs({ restart, index, count }: Pick<Post, 'restart' | 'index' | 'count'>, spanMs: number): number {
  return (((index + ((restart * GOLDEN) % 1)) % count) / count) * spanMs;
}

/**
 * The ids of processes as instances of a target.
 *
 * Rule: numbers of processes are given anew, and execve keeps them, so an instance is a number with a start time and an
 * image. An image that could not be read says nothing: then the process is taken for what it was known as.
 */
import type { InstanceId } from '../../model/instance-id.ts';
import type { Generation } from '../../processes/proc.ts';

/** Gives the id of a generation: equal ids for the same, different ones for others. */
export type IdOf = (generation: Generation) => InstanceId;

/** Ids for the processes of one target. */
export function openInstanceIds(): IdOf {
  /** The images that a process was seen in, in their order. */
  const images = new Map<string, number[]>();
  return ({ pid, startTicks, image }) => {
    const process = `${pid}.${startTicks}`;
    const seen = images.get(process) ?? [];
    images.set(process, seen);
    return { key: `${process}.${numberIn(seen, image)}`, label: `pid ${pid}`, process: pid };
  };
}

/** The number of an image among those that were seen, to which it is added when it is new. */
function numberIn(seen: number[], image: number): number {
  const last = seen.length - 1;
  if (image === 0 && last >= 0) return last;
  const known = seen.indexOf(image);
  if (known >= 0) return known;
  if (last >= 0 && seen[last] === 0) {
    seen[last] = image;
    return last;
  }
  return seen.push(image) - 1;
}

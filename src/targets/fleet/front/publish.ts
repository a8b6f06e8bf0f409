/**
 * A file that others may read at any moment, replaced at once, as a deploy script switches a release.
 *
 * Rule: whoever opens it reads one text as a whole. Each text is a file of its own, and what changes is only a link, by
 * rename.
 */
import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * A file that is published again and again: `path` is a link to the latest text. The older ones stay, until their
 * folder is removed.
 */
export function publisherOf(path: string): (text: string) => void {
  let version = 0;
  return (text) => {
    version += 1;
    const own = `${path}.${version}`;
    const next = `${path}.next`;
    writeFileSync(own, text);
    symlinkSync(basename(own), next);
    renameSync(next, path);
  };
}

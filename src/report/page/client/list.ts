/**
 * The list of failures in the page: of tens of thousands, only the rows near the reader exist.
 *
 * Rule: rows come in chunks, each a box that keeps its height when it is emptied, so that the scroll bar tells the
 * truth. A short list is filled as a whole, a chunk at a time, so that the browser's own search finds every row of it.
 */
import type { FailureView } from '../../view/view.ts';
import { failureRow } from '../failure-row.ts';

const CHUNK_ROWS = 50;
/** A list of this many rows is filled as a whole; a longer one only near the reader. */
const WHOLE_ROWS = 2000;
const PRINTED_ROWS = 500;

export interface FailureList {
  show(failures: readonly FailureView[]): void;
  /** Brings one of the shown failures into view; undefined when it is not among them. */
  reach(failure: FailureView): HTMLElement | undefined;
  /** Fills what is printed, and returns how many rows that is; nothing more is filled until `printed`. */
  fillForPrint(): number;
  /** Fills again what a reader needs. */
  printed(): void;
}

/** A list in `rows`, which scrolls in `box`. */
export function openList(box: HTMLElement, rows: HTMLElement, manyArms: boolean): FailureList {
  let shown: readonly FailureView[] = [];
  let chunks: HTMLElement[] = [];
  let era = 0;

  const fill = (position: number): void => {
    const chunk = chunks[position];
    if (chunk === undefined || chunk.childElementCount > 0) return;
    chunk.insertAdjacentHTML(
      'beforeend',
      shown
        .slice(position * CHUNK_ROWS, (position + 1) * CHUNK_ROWS)
        .map((failure) => failureRow(failure, manyArms).markup)
        .join(''),
    );
    chunk.style.height = '';
  };
  const empty = (chunk: HTMLElement): void => {
    if (chunk.childElementCount === 0) return;
    chunk.style.height = `${chunk.offsetHeight}px`;
    chunk.replaceChildren();
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const chunk = target as HTMLElement;
        if (isIntersecting) fill(Number(chunk.dataset['chunk']));
        else if (shown.length > WHOLE_ROWS) empty(chunk);
      }
    },
    { root: box, rootMargin: '1500px' },
  );
  const fillFrom = (position: number, ofEra: number): void => {
    if (ofEra !== era || position >= chunks.length) return;
    fill(position);
    setTimeout(() => {
      fillFrom(position + 1, ofEra);
    }, 20);
  };
  const watch = (): void => {
    for (const chunk of chunks) watcher.observe(chunk);
    const ofEra = era;
    if (shown.length <= WHOLE_ROWS) {
      setTimeout(() => {
        fillFrom(1, ofEra);
      }, 200);
    }
  };
  const unwatch = (): void => {
    era += 1;
    watcher.disconnect();
  };

  return {
    show(failures) {
      unwatch();
      shown = failures;
      rows.replaceChildren();
      const count = Math.ceil(failures.length / CHUNK_ROWS);
      rows.insertAdjacentHTML(
        'beforeend',
        Array.from(
          { length: count },
          (_, position) => `<div role="rowgroup" class="chunk" data-chunk="${position}"></div>`,
        ).join(''),
      );
      chunks = [...rows.querySelectorAll<HTMLElement>('.chunk')];
      box.scrollTop = 0;
      fill(0);
      watch();
    },
    reach(failure) {
      const position = shown.indexOf(failure);
      if (position < 0) return undefined;
      const chunk = Math.floor(position / CHUNK_ROWS);
      for (const near of [chunk - 1, chunk, chunk + 1]) fill(near);
      const row = document.getElementById(`f-${failure.n}`);
      row?.scrollIntoView({ block: 'center' });
      return row ?? undefined;
    },
    fillForPrint() {
      unwatch();
      const count = Math.min(shown.length, PRINTED_ROWS);
      for (let position = 0; position * CHUNK_ROWS < count; position += 1) fill(position);
      for (const chunk of chunks.slice(Math.ceil(count / CHUNK_ROWS))) empty(chunk);
      return count;
    },
    printed: watch,
  };
}

/**
 * The few parts of a browser that the client script uses, as types.
 *
 * Rule: the project compiles without the DOM library, so that Node code cannot use the DOM by mistake; this stands in
 * for it.
 */

export interface PageElement {
  id: string;
  hidden: boolean;
  textContent: string;
  value: string;
  dataset: Record<string, string | undefined>;
  style: { height: string };
  offsetHeight: number;
  childElementCount: number;
  scrollTop: number;
  classList: { toggle(name: string, on: boolean): void };
  children: Iterable<PageElement> & { [position: number]: PageElement | undefined };
  insertAdjacentHTML(where: 'beforeend', markup: string): void;
  replaceChildren(): void;
  scrollIntoView(options: { block: 'center' | 'start' }): void;
  focus(options: { preventScroll: boolean }): void;
  addEventListener(event: string, listener: (event: PageEvent) => void): void;
}

export interface PageEvent {
  target: PageElement;
  preventDefault(): void;
}

export interface PageDocument {
  getElementById(id: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

export interface PageWindow {
  location: { hash: string };
  matchMedia(query: string): { matches: boolean; addEventListener(event: 'change', listener: () => void): void };
  addEventListener(event: string, listener: () => void): void;
}

export interface DrawnPoint {
  dataset: { label: string };
  raw: { x: number; y: number | null; n?: number; count?: number };
}

export interface PageChart {
  destroy(): void;
}

export interface ChartLibrary {
  new (canvas: PageElement, definition: unknown): PageChart;
  defaults: { font: { family: string }; color: string };
  register(plugin: object): void;
}

export interface WatchedEntry {
  isIntersecting: boolean;
  target: PageElement;
}

export type Watcher = new (
  seen: (entries: WatchedEntry[]) => void,
  options: { root?: PageElement; rootMargin: string },
) => {
  observe(element: PageElement): void;
  unobserve(element: PageElement): void;
  disconnect(): void;
};

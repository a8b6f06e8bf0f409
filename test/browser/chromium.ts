/**
 * Pages opened from disk in a real browser.
 *
 * Rule: everything that the page asked for or complained about is kept, so that a test can show that it was nothing.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { pathOf } from '../needs.ts';

export const CHROMIUMS: [string, ...string[]] = ['chromium', 'chromium-browser', 'google-chrome'];
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const WIDTHS = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;
export type Width = keyof typeof WIDTHS;
export type Scheme = 'light' | 'dark';

/** A page of a file, with what it asked for and complained about. */
export interface OpenPage {
  page: Page;
  /** Addresses of requests other than the file itself and its own data. */
  requests: string[];
  complaints: string[];
  close(): Promise<void>;
}

export interface Browsing {
  /** Opens a report of this HTML. */
  open(html: string, options?: { width?: Width; scheme?: Scheme; hash?: string }): Promise<OpenPage>;
  close(): Promise<void>;
}

/** Starts the browser. */
export async function startBrowsing(): Promise<Browsing> {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-browser-'));
  const executablePath = pathOf(...CHROMIUMS);
  if (executablePath === undefined) throw new Error(`none of ${CHROMIUMS.join(', ')} is in PATH`);
  const browser: Browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  let files = 0;
  return {
    async open(html, { width = 'wide', scheme = 'light', hash = '' } = {}) {
      const file = join(folder, `report-${(files += 1)}.html`);
      writeFileSync(file, html);
      const context = await browser.newContext({ viewport: WIDTHS[width], colorScheme: scheme });
      const page = await context.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(pathToFileURL(file).href) && !url.startsWith('data:') && !url.startsWith('blob:')) {
          requests.push(url);
        }
      });
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(`${pathToFileURL(file).href}${hash}`);
      return { page, requests, complaints, close: () => context.close() };
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What tests ask a page.
 *
 * Rule: asked as text, since the project compiles without the DOM library.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The value of an expression in the page. */
export function inPage(page: Page, expression: string): Promise<unknown> {
  return page.evaluate<unknown>(expression);
}

/** Scrolls to the end and back, so that everything is drawn that is drawn when a reader comes near. */
export async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
      window.scrollTo({ top: y, behavior: 'instant' });
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 10)));
    }
    window.scrollTo({ top: 0, behavior: 'instant' });
  })()`);
}

/** What axe-core finds wrong: the rule, and the first element that breaks it. */
export async function axeViolations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's content policy does not bind.
  await page.evaluate(axe);
  const found = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  }>(`axe.run(document, { resultTypes: ['violations'] })`);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
}

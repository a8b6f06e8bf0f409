/**
 * Writes the reports of a run into its folder.
 *
 * Rule: a file is there whole or not at all: it is written beside its place and moved. What cannot be written leaves
 * nothing behind.
 */
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cannotWrite } from '../errors.ts';
import type { Judgement } from '../judge/judge.ts';
import { reportHtml } from './page/html.ts';
import { junitXml } from './text/junit.ts';
import { summaryMarkdown } from './text/markdown.ts';
import { openMetricsText } from './text/openmetrics.ts';
import type { View } from './view/view.ts';
import { viewOf } from './view/view-of.ts';

/** Where the reports of a run lie. */
export interface ReportPaths {
  result: string;
  html: string;
  markdown: string;
  junit: string;
  metrics: string;
  /** The run over time, and its restarts overlaid. Null when no picture was asked for. */
  png: string | null;
  overlayPng: string | null;
  /** The arms against each other; null, too, when there is only one. */
  comparisonPng: string | null;
  /** Why there are no pictures although they were asked for; null when there are. */
  pictureProblem: string | null;
}

/**
 * Writes result.json, report.html, summary.md, junit.xml, metrics.prom, timeline.png, overlay.png and, for several
 * arms, comparison.png into an existing folder.
 * Rejects with ZerodropError `cannot-write` when the file system refuses one of them.
 */
export async function writeReports(
  judgement: Judgement,
  folder: string,
  { png = true }: { png?: boolean } = {},
): Promise<ReportPaths> {
  const view = viewOf(judgement);
  const paths: ReportPaths = {
    result: join(folder, 'result.json'),
    html: join(folder, 'report.html'),
    markdown: join(folder, 'summary.md'),
    junit: join(folder, 'junit.xml'),
    metrics: join(folder, 'metrics.prom'),
    png: png ? join(folder, 'timeline.png') : null,
    overlayPng: png ? join(folder, 'overlay.png') : null,
    comparisonPng: png && view.arms.length > 1 ? join(folder, 'comparison.png') : null,
    pictureProblem: null,
  };
  await writeWhole(paths.result, `${JSON.stringify(judgement.result, null, 2)}\n`);
  await writeWhole(paths.html, reportHtml(view));
  await writeWhole(paths.markdown, summaryMarkdown(view));
  await writeWhole(paths.junit, junitXml(view));
  await writeWhole(paths.metrics, openMetricsText(judgement.result));
  return png ? await withPictures(view, paths) : paths;
}

/** A picture that cannot be drawn or written is a warning: it costs neither the verdict nor the other files. */
async function withPictures(view: View, paths: ReportPaths): Promise<ReportPaths> {
  try {
    // Drawing loads a native module; a run without a picture does not need it.
    const { comparisonPng, overlayPng, timelinePng } = await import('./png/png.ts');
    if (paths.png !== null) await writeWhole(paths.png, await timelinePng(view));
    if (paths.overlayPng !== null) await writeWhole(paths.overlayPng, await overlayPng(view));
    if (paths.comparisonPng !== null) await writeWhole(paths.comparisonPng, await comparisonPng(view));
    return paths;
  } catch (error) {
    const pictureProblem = error instanceof Error ? error.message : String(error);
    return { ...paths, png: null, overlayPng: null, comparisonPng: null, pictureProblem };
  }
}

/** Writes one file so that it is there whole or not at all. Rejects with ZerodropError `cannot-write`. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(beside, content, { flag: 'wx', mode: 0o600 });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw cannotWrite(path, error);
  }
}

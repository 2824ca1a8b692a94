import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumArguments, chromiumPath } from '@codex-otel/testing';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

export const executablePath: string | undefined = chromiumPath();

/** For what the browser must do, however busy the machine is. */
export const PATIENCE_MILLIS = 60_000;

export const SIZES = { wide: { width: 1280, height: 860 }, narrow: { width: 360, height: 760 } } as const;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [...chromiumArguments],
    timeout: PATIENCE_MILLIS,
  });
}

/** Accessibility problems of a page: the rule, and where. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  // Through the debugger, since the page's policy would block it.
  await page.evaluate(await axeSource());
  const found = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`);
  const { violations } = found as {
    violations: readonly { id: string; nodes: readonly { html: string; any: readonly { message: string }[] }[] }[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
  );
}

async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}

const images = fileURLToPath(new URL('../../../docs/images', import.meta.url));

/** Takes new pictures for the README if UPDATE_IMAGES is set. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_IMAGES === undefined) return;
  await mkdir(images, { recursive: true });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: path.join(images, `${name}.png`), animations: 'disabled' });
}

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { childLimits, describeIfPresent, sourceFlags } from '@codex-otel/testing';
import type { TokenUsage } from '@codex-otel/token-usage';
import { addTokenUsage, NO_TOKEN_USAGE } from '@codex-otel/token-usage';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { reportHtml } from '../src/page-html.ts';
import { axeViolations, executablePath, picture, SIZES } from './browser.ts';

import { reportPage } from './report-page.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../cli/bin/demo.mjs', import.meta.url));

/** The parts of the demo's JSON that are compared. */
interface DemoReport {
  readonly turns: readonly { readonly arrived: { readonly responses: readonly { readonly tokens: TokenUsage }[] } }[];
  readonly total: TokenUsage;
}

const count = (number: number) => number.toLocaleString('en');
const short = (tokens: number): string => (tokens < 1000 ? String(tokens) : `${(tokens / 1000).toFixed(1)}k`);
const shortUsage = (used: TokenUsage): string =>
  `${short(used.inputTokens)} in (${short(used.cachedInputTokens)} cached) + ` +
  `${short(used.outputTokens)} out (${short(used.reasoningOutputTokens)} reasoning)`;
const usageText = (used: TokenUsage) =>
  `${count(used.inputTokens)} in (${count(used.cachedInputTokens)} cached) + ` +
  `${count(used.outputTokens)} out (${count(used.reasoningOutputTokens)} reasoning) tokens`;

describeIfPresent('the page in Chromium', executablePath !== undefined, () => {
  const report = reportPage();
  const { rows } = report;
  let page: Page;
  beforeEach(() => {
    page = report.page;
  });

  describe('with the demo in it', () => {
    let demo: DemoReport;
    let file: string;
    beforeAll(async () => {
      file = path.join(report.folder, 'demo.html');
      const args = [...sourceFlags, program, '--json', '--report', file];
      const { stdout } = await run(process.execPath, args, {
        ...childLimits,
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      demo = JSON.parse(stdout);
      // The demo uses the built page where there is one; this is the one under test.
      const embedded = /<script type="application\/json" id="telemetry">(.*?)<\/script>/s.exec(
        await readFile(file, 'utf8'),
      );
      await writeFile(file, reportHtml(report.bundle, JSON.parse(embedded?.[1] ?? '')));
    });
    beforeEach(() => page.goto(pathToFileURL(file).href));

    it('shows exactly the collector’s token counts', async () => {
      expect(demo.total.totalTokens).toBe(33_388);
      expect(await page.locator('.turns section > header').innerText()).toContain(
        `${count(demo.total.totalTokens)} tokens`,
      );
      for (const [index, { arrived }] of demo.turns.entries()) {
        await page.locator('button.turn').nth(index).click();
        const used = arrived.responses.map(({ tokens }) => tokens);
        expect(await page.locator('.usage').innerText()).toBe(usageText(used.reduce(addTokenUsage, NO_TOKEN_USAGE)));
        // A bar that is too narrow shows thousands; the time, and so the width, depends on how busy the machine is.
        const labels = await page.locator('.row.response .tokens').allInnerTexts();
        expect(labels).toEqual(used.map((each, at) => (labels[at]?.includes('tokens') ? usageText : shortUsage)(each)));
      }
      const table = await page.locator('.tokens-chart tbody tr').allInnerTexts();
      const cached = demo.turns.map(({ arrived }) =>
        arrived.responses.reduce((sum, { tokens }) => sum + tokens.cachedInputTokens, 0),
      );
      expect(table.map((row) => row.split('\t')[1])).toEqual(cached.map(count));
    });

    it('shows tools, approvals and retries', async () => {
      await page.locator('button.turn').nth(1).click();
      // Items that begin within one millisecond may be in either order.
      expect((await rows()).toSorted()).toEqual([
        'Response 1',
        'Response 2',
        'Response 3',
        'Waiting for approval: shell',
        'Waiting for approval: shell',
        'session_task.turn',
        'shell approved by User, succeeded',
        'shell succeeded',
        '✕ shell denied by User',
      ]);
      expect(await page.locator('.profile .legend').innerText()).toMatch(
        /Inference \d+ %.*Tools \d+ %.*Waiting for you \d+ %/s,
      );
      await page.locator('button.turn').nth(2).click();
      expect((await rows())[1]).toMatch(/^✕ Request attempt \d: 503$/);
    });

    it('sorts by cost, at the user’s prices', async () => {
      await page.getByRole('button', { name: 'Prices' }).click();
      await page.getByLabel('Input', { exact: true }).fill('1.25');
      await page.getByLabel('Cached input').fill('0.125');
      await page.getByLabel('Output').fill('10');
      await page.getByRole('button', { name: 'Use these prices' }).click();
      // 665 at 1.25 and 15,232 at 0.125 and 303 at 10 dollars per million.
      expect(await page.locator('button.turn').nth(1).innerText()).toContain('$0.0058');
      await page.getByLabel('Sort by').selectOption('most expensive');
      const costs = await page.locator('button.turn .numbers').allInnerTexts();
      expect(costs.map((text) => Number(/\$([\d.]+)/.exec(text)?.[1]))).toEqual(
        [0.0076, 0.0058, 0.0033, 0.0031].map(expect.closeTo),
      );
    });

    it('is accessible, in both colour schemes and on a small screen', async () => {
      await page.locator('button.turn').nth(1).click();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(SIZES.wide);
        expect(await axeViolations(page)).toEqual([]);
        await picture(page, `turn-report-${colorScheme}`);
        await page.setViewportSize(SIZES.narrow);
        expect(await axeViolations(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(SIZES.narrow.width);
      }
    });

    it('has no animation for users who prefer reduced motion', async () => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    });
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { parseOtlp } from '../src/model/otlp-json.ts';
import type { PageBundle } from '../src/page-bundle.ts';
import { buildPage } from '../src/page-bundle.ts';
import { reportHtml } from '../src/page-html.ts';
import { launchChromium, PATIENCE_MILLIS, SIZES } from './browser.ts';

/** The page in a browser; each test has a new one. */
export interface ReportPage {
  readonly page: Page;
  readonly bundle: PageBundle;
  /** A folder for files; it is removed at the end. */
  readonly folder: string;
  /** Opens the page as a file with the telemetry of these requests. */
  openFile(...requests: readonly object[]): Promise<void>;
  /** The labels of the rows. */
  rows(): Promise<string[]>;
}

/**
 * Opens the page for each test of a suite. A test fails if the page logs or throws anything, or sends a request to another
 * host.
 */
export function reportPage(): ReportPage {
  let browser: Browser;
  let bundle: PageBundle;
  let folder: string;
  let page: Page;
  let troubles: string[];

  beforeAll(async () => {
    [browser, bundle, folder] = await Promise.all([
      launchChromium(),
      buildPage(),
      mkdtemp(path.join(tmpdir(), 'turn-report-')),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: SIZES.wide });
    page.setDefaultTimeout(PATIENCE_MILLIS);
    troubles = [];
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('dialog', (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!/^(?:file:|data:|http:\/\/127\.0\.0\.1:)/.test(request.url())) troubles.push(`request: ${request.url()}`);
    });
  });
  afterEach(async () => {
    expect(troubles).toEqual([]);
    await page.close();
  });

  async function openFile(...requests: readonly object[]): Promise<void> {
    const parts = requests.map(parseOtlp);
    const telemetry = {
      spans: parts.flatMap(({ spans }) => spans),
      logs: parts.flatMap(({ logs }) => logs),
      metricPoints: 0,
      unusable: 0,
    };
    const file = path.join(folder, 'page.html');
    await writeFile(file, reportHtml(bundle, telemetry));
    await page.goto(pathToFileURL(file).href);
  }

  return {
    get page() {
      return page;
    },
    get bundle() {
      return bundle;
    },
    get folder() {
      return folder;
    },
    openFile,
    rows: () => page.locator('.row .label').allInnerTexts(),
  };
}

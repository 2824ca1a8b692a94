import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromiumArguments, chromiumPath, describeIfPresent } from '@codex-otel/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { isWorkerdPresent } from '../src/runtime.ts';

const web = fileURLToPath(new URL('../src/web/', import.meta.url));
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const sentence = /@codex-otel\/provider runs in Node, Bun and Deno, and was loaded for a browser or an edge runtime/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-web-'));
});
afterAll(() => rm(folder, { recursive: true }));

const executablePath = chromiumPath();
describeIfPresent('in Chromium', executablePath !== undefined, () => {
  let browser: Browser;
  beforeAll(async () => {
    if (executablePath !== undefined) {
      browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
    }
  }, 120_000);
  afterAll(() => browser.close());

  async function pageOf(name: string) {
    const entry = path.join(web, name);
    const built = await build({
      entryPoints: [entry],
      bundle: true,
      format: 'iife',
      platform: 'browser',
      write: false,
    });
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.addScriptTag({ content: built.outputFiles[0]?.text ?? '' });
    return { page, errors };
  }

  it('trace-context and token-usage run', async () => {
    const { page, errors } = await pageOf('page.mjs');
    const answer = await page.evaluate(`work(${JSON.stringify(traceparent)})`);
    expect(answer).toEqual({ traceparent, inputTokens: 7 });
    expect(errors).toEqual([]);
  }, 120_000);

  it('provider throws when it is loaded', async () => {
    const { errors } = await pageOf('refused.mjs');
    expect(errors).toEqual([expect.stringMatching(sentence)]);
  }, 120_000);
});

describeIfPresent('in workerd', isWorkerdPresent(), () => {
  async function runInWorkerd(name: string): Promise<{ readonly body?: string; readonly error?: string }> {
    const outfile = path.join(folder, name);
    // The conditions that its own bundler sets.
    const conditions = ['workerd', 'worker', 'browser'];
    await build({ entryPoints: [path.join(web, name)], outfile, bundle: true, format: 'iife', conditions });
    const { NODE_OPTIONS: _jest, ...env } = process.env;
    const runner = path.join(web, 'run-in-workerd.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [runner, outfile, traceparent], { env });
    return JSON.parse(stdout);
  }

  it('trace-context and token-usage run', async () => {
    const { body, error } = await runInWorkerd('worker.mjs');
    expect(error).toBeUndefined();
    expect(JSON.parse(body ?? '')).toEqual({ traceparent, inputTokens: 7 });
  }, 120_000);

  it('provider throws when it is loaded', async () => {
    expect(await runInWorkerd('refused.mjs')).toEqual({ error: expect.stringMatching(sentence) });
  }, 120_000);
});

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromiumArguments, chromiumPath, describeIfPresent } from '@codex-otel/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { PageBundle } from '../src/page-bundle.ts';
import { bundlePage } from '../src/page-bundle.ts';
import { createPageServer } from '../src/page-server.ts';

/** For what the browser must do, however busy the machine is. */
const PATIENCE_MILLIS = 60_000;
const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const tracestate = 'vendor=x,other=y';

let bundle: PageBundle;
beforeAll(async () => {
  bundle = await bundlePage();
});

describe("the page's bundle", () => {
  it('contains only the page, trace-context and the API', () => {
    const owners = bundle.inputs.map(
      (file) => file.match(/(?:node_modules\/(?:@[^/]+\/)?[^/]+|packages\/[^/]+|page\.ts$)/g)?.at(-1) ?? file,
    );
    expect([...new Set(owners)].sort()).toEqual([
      'node_modules/@opentelemetry/api',
      'packages/trace-context',
      'page.ts',
    ]);
  });

  it('has nothing of Node in it', () => {
    expect(bundle.script).not.toMatch(/\bnode:|\brequire\(|\bBuffer\b/);
  });
});

const executablePath = chromiumPath();
describeIfPresent('the page in Chromium', executablePath !== undefined, () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const seen: Record<string, string | string[] | undefined>[] = [];
  let server: Server;
  let browser: Browser;
  let url = '';

  beforeAll(async () => {
    server = createPageServer({ script: bundle.script, tracer: provider.getTracer('page'), traceparent, tracestate });
    server.on('request', (request) => {
      if (request.url === '/api/turn') seen.push(request.headers);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: [...chromiumArguments],
      timeout: PATIENCE_MILLIS,
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    server?.closeAllConnections();
  });

  it('sends its trace along, and the server continues it', async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MILLIS);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(url);
    await page.waitForFunction("document.querySelector('output').textContent !== ''");
    expect(await page.textContent('output')).toBe(traceId);
    expect(complaints).toEqual([]);

    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ tracestate });
    expect(seen[0]?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(seen[0]?.traceparent).not.toBe(traceparent);

    const [span] = exporter.getFinishedSpans();
    expect(span?.spanContext().traceId).toBe(traceId);
    expect(span?.parentSpanContext?.spanId).toBe(String(seen[0]?.traceparent).slice(36, 52));
    expect(span?.parentSpanContext?.isRemote).toBe(true);
  });
});

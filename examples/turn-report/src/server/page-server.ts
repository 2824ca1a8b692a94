import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { PageBundle } from '../page-bundle.ts';
import { LIVE_HTML, LIVE_POLICY } from '../page-html.ts';
import { reportPage } from '../report-file.ts';
import type { LiveFeed } from './live-feed.ts';
import { isLoopbackHost } from './loopback.ts';

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': LIVE_POLICY,
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Serves the page, its live feed, and the page as a file. All of it is read-only. */
export function createPageServer(options: { readonly bundle: PageBundle; readonly feed: LiveFeed }): Server {
  return createServer((request, response) => {
    void answer(request, response, options).catch(() => response.destroy());
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { bundle, feed }: { readonly bundle: PageBundle; readonly feed: LiveFeed },
): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (!isLoopbackHost(request.headers.host)) {
    response
      .writeHead(403, { 'content-type': 'text/plain' })
      .end('this page only accepts requests to 127.0.0.1 and localhost');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { 'content-type': 'text/plain' }).end('GET only');
    return;
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  switch (pathname) {
    case '/':
      response.setHeader('content-type', 'text/html; charset=utf-8').end(LIVE_HTML);
      return;
    case '/page.js':
      response.setHeader('content-type', 'text/javascript; charset=utf-8').end(bundle.script);
      return;
    case '/page.css':
      response.setHeader('content-type', 'text/css; charset=utf-8').end(bundle.style);
      return;
    case '/events':
      await feed.follow(response);
      return;
    case '/turn-report.html':
      response.setHeader('content-disposition', 'attachment; filename="turn-report.html"');
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(await reportPage(feed.kept(), { content: searchParams.get('content') === 'yes' }));
      return;
    default:
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
  }
}

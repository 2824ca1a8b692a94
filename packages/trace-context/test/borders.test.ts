import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Span } from '@opentelemetry/api';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { WebSocket, WebSocketServer } from 'ws';
import {
  childProcessEnv,
  contextFromW3cTraceContext,
  createW3cTraceContext,
  currentSpanTraceId,
  extractW3cTraceHeaders,
  injectSpanW3cTraceHeaders,
  setTracestateEntries,
  spanW3cTraceContext,
  withParentFromW3cTraceContext,
} from '../src/index.ts';

// The README's recipes, each against the real thing.

const tracer = new TracerProvider().getTracer('borders');
const program = (name: string): string => fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));

let span: Span;
let traceId = '';
beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  setTracestateEntries({ agent: { turn: '7' } });
  span = tracer.startSpan('turn');
  traceId = span.spanContext().traceId;
});
afterEach(() => {
  span.end();
  setTracestateEntries({});
  context.disable();
});

describe('over HTTP', () => {
  let server: Server;
  let url = '';

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      const received = extractW3cTraceHeaders(incoming.headers);
      const parent = received && contextFromW3cTraceContext(received);
      const child = tracer.startSpan('request', {}, parent);
      response.end(JSON.stringify({ traceId: child.spanContext().traceId, tracestate: received?.tracestate }));
      child.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it('goes with fetch', async () => {
    const headers = new Headers({ accept: 'application/json' });
    injectSpanW3cTraceHeaders(span, headers);
    const response = await fetch(url, { headers });
    expect(await response.json()).toEqual({ traceId, tracestate: 'agent=turn:7' });
  });

  it('goes with fetch from a page without OpenTelemetry', async () => {
    const started = createW3cTraceContext();
    const response = await fetch(url, { headers: Object.entries(started) });
    expect(await response.json()).toEqual({ traceId: started.traceparent.slice(3, 35) });
    const child = createW3cTraceContext(spanW3cTraceContext(span));
    const continued = await fetch(url, { headers: Object.entries(child) });
    expect(await continued.json()).toEqual({ traceId, tracestate: 'agent=turn:7' });
  });

  it('goes with node:http', async () => {
    const headers = { accept: 'application/json' };
    injectSpanW3cTraceHeaders(span, headers);
    const outgoing = request(url, { headers }).end();
    const [response] = await once(outgoing, 'response');
    const chunks: Buffer[] = await response.toArray();
    expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({ traceId, tracestate: 'agent=turn:7' });
  });
});

describe('into a child process', () => {
  it('goes in its environment, and the keys of the parent do not', () => {
    const env = { ...process.env, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret' };
    const output = execFileSync(process.execPath, [...sourceFlags, program('child')], {
      ...childLimits,
      env: childProcessEnv(env, span),
    });
    const child = JSON.parse(output.toString());
    expect(child).toMatchObject({
      traceId,
      spanId: span.spanContext().spanId,
      isRemote: true,
      tracestate: 'agent=turn:7',
    });
    expect(child.env).not.toHaveProperty('OTEL_EXPORTER_OTLP_HEADERS');
  });
});

describe('into an MCP server', () => {
  /** The server's side, which handles a tool call. */
  function handle(message: string): unknown {
    const { params } = JSON.parse(message);
    return withParentFromW3cTraceContext(params._meta ?? {}, (parented) => [parented, currentSpanTraceId()]);
  }

  it('goes in the _meta of a request', () => {
    const params = { name: 'read_file', arguments: { path: 'a.txt' }, _meta: { ...spanW3cTraceContext(span) } };
    expect(handle(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))).toEqual([true, traceId]);
  });

  it('is ignored if a client sends none, or something else', () => {
    expect(handle('{"params":{}}')).toEqual([false, undefined]);
    expect(handle('{"params":{"_meta":{"traceparent":{"toString":1},"tracestate":[]}}}')).toEqual([false, undefined]);
  });
});

describe('over a WebSocket', () => {
  it('goes in the first message, since a browser sets no headers there', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      socket.once('message', (data) => {
        const { client_metadata: metadata } = JSON.parse(data.toString());
        withParentFromW3cTraceContext(metadata, () => socket.send(String(currentSpanTraceId())));
      });
    });
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'response.create', client_metadata: spanW3cTraceContext(span) }));
    const [answer] = await once(socket, 'message');
    expect(answer.toString()).toBe(traceId);
    socket.close();
    server.close();
  });
});

describe('into a worker', () => {
  it('goes with postMessage', async () => {
    const worker = new Worker(program('worker'), { execArgv: [...sourceFlags] });
    worker.postMessage({ trace: spanW3cTraceContext(span) });
    const [answer] = await once(worker, 'message');
    expect(answer).toEqual([true, traceId]);
    await worker.terminate();
  });

  it('is ignored if the trace is invalid', () => {
    const current = trace.getActiveSpan();
    expect(withParentFromW3cTraceContext({ traceparent: 'bad' }, () => trace.getActiveSpan())).toBe(current);
  });
});

import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TurnReport } from '../src/server/turn-report.ts';
import { startTurnReport } from '../src/server/turn-report.ts';
import { logsRequest, tracesRequest, turnSpans } from './otlp.ts';

const FREE = { pagePort: 0, httpPort: 0, grpcPort: 0 };
const JSON_HEADERS = { 'content-type': 'application/json' };

let report: TurnReport;
beforeEach(async () => {
  report = await startTurnReport({ ...FREE, allowedOrigins: ['http://localhost:5173'] });
});
afterEach(() => report.close());

/** The names and data of the events that a page gets, up to the requested one. */
async function follow(until: (name: string, data: string) => boolean): Promise<readonly string[]> {
  const response = await fetch(`${report.pageUrl}/events`);
  const seen: string[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, name = '', data = ''] = /^event: (\S+)\ndata: (.*)$/s.exec(event) ?? [];
      seen.push(`${name} ${data}`);
      // Leaving the loop ends the connection.
      if (until(name, data)) return seen;
    }
  }
  return seen;
}

function post(
  body: string | Buffer<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = JSON_HEADERS,
  path = '/v1/traces',
) {
  return fetch(`${report.httpUrl}${path}`, { method: 'POST', body, headers });
}

/** A request with headers that `fetch` does not let one set. */
async function get(url: string, headers: Readonly<Record<string, string>>, method = 'GET') {
  const request = httpRequest(url, { headers, method });
  request.end();
  const [response] = await once(request, 'response');
  response.resume();
  return { status: response.statusCode as number, headers: response.headers as Record<string, string> };
}

describe('the receiver', () => {
  it.each([
    ['http/json', () => new JsonExporter({ url: `${report.httpUrl}/v1/traces` })],
    ['http/protobuf', () => new ProtobufExporter({ url: `${report.httpUrl}/v1/traces` })],
    ['grpc', () => new GrpcExporter({ url: report.grpcUrl })],
  ])("takes what OpenTelemetry's exporters send by %s", async (_protocol, exporter) => {
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: exporter() })] });
    provider.getTracer('test').startSpan('sent').end();
    await provider.forceFlush();
    const events = await follow((name, data) => name === 'telemetry' && data.includes('"sent"'));
    expect(events[0]).toBe('hello {"sessions":0,"spans":0,"logs":0}');
    await provider.shutdown();
  });

  it('takes gzip', async () => {
    const body = gzipSync(JSON.stringify(tracesRequest(turnSpans())));
    expect((await post(body, { ...JSON_HEADERS, 'content-encoding': 'gzip' })).status).toBe(200);
    await follow((_name, data) => data.includes('session_task.turn'));
  });

  it.each([
    [400, '{', JSON_HEADERS, '/v1/traces'],
    [400, 'no protobuf', { 'content-type': 'application/x-protobuf' }, '/v1/traces'],
    [400, 'no gzip', { ...JSON_HEADERS, 'content-encoding': 'gzip' }, '/v1/traces'],
    [404, '{}', JSON_HEADERS, '/v1/dreams'],
    [415, '{}', { 'content-type': 'text/plain' }, '/v1/traces'],
    [415, '{}', { ...JSON_HEADERS, 'content-encoding': 'br' }, '/v1/traces'],
  ])('answers %i to %j with %j at %s', async (status, body, headers, path) => {
    expect((await post(body, headers, path)).status).toBe(status);
  });

  it('only accepts names of this machine', async () => {
    const { port } = new URL(report.httpUrl);
    const status = async (host: string) => (await get(report.httpUrl, { host })).status;
    expect(await status('attacker.example')).toBe(403);
    expect(await status(`attacker.example:${port}`)).toBe(403);
    expect(await status(`127.0.0.1.attacker.example:${port}`)).toBe(403);
    expect(await status(`localhost:${port}`)).toBe(405);
  });

  it('only accepts telemetry from pages that were named', async () => {
    const preflight = (origin: string) =>
      get(`${report.httpUrl}/v1/traces`, { origin, 'access-control-request-headers': 'content-type' }, 'OPTIONS');
    const allowed = await preflight('http://localhost:5173');
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([204, 'http://localhost:5173']);
    const foreign = await preflight('http://attacker.example');
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    expect((await post('{}', { ...JSON_HEADERS, origin: 'http://attacker.example' })).status).toBe(403);
  });
});

describe('the page server', () => {
  it('only accepts names of this machine', async () => {
    const status = async (path: string, host: string) => (await get(`${report.pageUrl}${path}`, { host })).status;
    for (const path of ['/', '/page.js', '/turn-report.html']) {
      expect(await status(path, 'attacker.example')).toBe(403);
      expect(await status(path, 'localhost:4320')).toBe(200);
    }
    expect(await status('/events', 'attacker.example')).toBe(403);
  });

  it('has a policy for its own files only, and no header that lets others read', async () => {
    const { headers } = await get(report.pageUrl, {});
    expect(headers['content-security-policy']).toMatch(
      /default-src 'none'.*require-trusted-types-for 'script'.*script-src 'self'/,
    );
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('is read-only', async () => {
    expect((await get(report.pageUrl, {}, 'POST')).status).toBe(405);
    expect((await get(`${report.pageUrl}/etc/passwd`, {})).status).toBe(404);
  });

  it('sends a page what there is, then what arrives, each once', async () => {
    await post(JSON.stringify(tracesRequest(turnSpans())));
    let live = false;
    const events = await follow((name, data) => {
      if (name === 'live') {
        live = true;
        void post(JSON.stringify(logsRequest([{ name: 'later' }])), JSON_HEADERS, '/v1/logs');
      }
      return live && data.includes('later');
    });
    const all = events.join('\n');
    expect(all.match(/session_task\.turn/g)).toHaveLength(1);
    expect(all.match(/"name":"later"/g)).toHaveLength(1);
  });

  it('saves the page without content unless that is asked for', async () => {
    const secret = { prompt: 'my secret', 'conversation.id': 'session-1' };
    await post(
      JSON.stringify(logsRequest([{ name: 'codex.user_prompt', trace: 1, attributes: secret }])),
      JSON_HEADERS,
      '/v1/logs',
    );
    const page = async (query: string) => (await fetch(`${report.pageUrl}/turn-report.html${query}`)).text();
    expect(await page('')).not.toContain('my secret');
    expect(await page('?content=yes')).toContain('my secret');
  });
});

describe('startTurnReport', () => {
  it('takes the next free port if one is taken', async () => {
    const taken: Server = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const second = await startTurnReport({ pagePort: port, httpPort: port, grpcPort: port });
    try {
      const ports = [second.pageUrl, second.httpUrl, second.grpcUrl].map((url) => Number(new URL(url).port));
      expect(new Set(ports).size).toBe(3);
      for (const other of ports) expect(other).toBeGreaterThan(port);
    } finally {
      await second.close();
      taken.close();
    }
  });
});

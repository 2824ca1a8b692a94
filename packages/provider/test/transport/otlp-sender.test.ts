import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OtlpConnection } from '@codex-otel/config';
import type { PlainLogRecord, SendOptions } from '@codex-otel/metrics/otlp';
import { openSender } from '@codex-otel/metrics/otlp';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyValue } from '@opentelemetry/api';
import { itemMeasures } from '../../src/values/item-size.ts';
import { sampleConnection, sampleLogRecords, sampleMetrics, sampleSpan } from './telemetry-samples.ts';

const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
const SIGNALS = ['traces', 'logs', 'metrics'] as const;

let collector: OtlpCollector;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  collector = await startOtlpCollector();
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await collector.behave({ kind: 'answer' });
  collector.clear();
});

afterAll(() => collector.close());

function connectionTo(
  signal: (typeof SIGNALS)[number],
  protocol: OtlpConnection['protocol'],
  changes: Partial<OtlpConnection> = {},
): OtlpConnection {
  const url = protocol === 'grpc' ? collector.grpcUrl : `${collector.httpUrl}/v1/${signal}`;
  return sampleConnection(url, { protocol, ...changes });
}

function sendOptions(timeoutMillis: number = patience.timeoutMillis): SendOptions {
  return { signal: AbortSignal.timeout(timeoutMillis), timeoutMillis, batchId: 'batch-1' };
}

async function logSender(protocol: OtlpConnection['protocol'], changes: Partial<OtlpConnection> = {}) {
  const sender = await openSender('logs', connectionTo('logs', protocol, changes));
  closers.push(() => sender.close());
  return sender;
}

/** A sender to a server that answers every request like this. */
async function senderTo(answer: (response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return logSender('http/json', { url: `http://127.0.0.1:${port}/v1/logs` });
}

describe.each(PROTOCOLS)('openSender over %s', (protocol) => {
  it('delivers spans', async () => {
    const sender = await openSender('traces', connectionTo('traces', protocol));
    closers.push(() => sender.close());
    expect(await sender.send([sampleSpan('turn')], sendOptions())).toMatchObject({ kind: 'delivered' });
    expect(collector.spans()).toMatchObject([{ name: 'turn', attributes: { 'turn.id': 'turn-1', tokens: 42 } }]);
  });

  it('delivers log records', async () => {
    const sender = await logSender(protocol);
    expect(await sender.send(sampleLogRecords(3), sendOptions())).toMatchObject({ kind: 'delivered' });
    expect(collector.logRecords().map(({ body }) => body)).toEqual(['record 0', 'record 1', 'record 2']);
  });

  it('delivers metrics, several collections in one request', async () => {
    const sender = await openSender('metrics', connectionTo('metrics', protocol));
    closers.push(() => sender.close());
    const result = await sender.send([sampleMetrics('codex.one'), sampleMetrics('codex.two')], sendOptions());
    expect(result).toMatchObject({ kind: 'delivered' });
    expect(collector.metrics().map(({ name }) => name)).toEqual(['codex.one', 'codex.two']);
    expect(collector.requests()).toHaveLength(1);
  });

  it('delivers a batch without the items that cannot be encoded, and counts those', async () => {
    const sender = await logSender(protocol);
    const body: Record<string, AnyValue> = {};
    body.self = body;
    const [first, second, third] = sampleLogRecords(3) as [PlainLogRecord, PlainLogRecord, PlainLogRecord];
    const result = await sender.send([first, { ...second, body }, third], sendOptions());
    expect(result).toMatchObject({
      kind: 'delivered',
      unencoded: { items: 1, reason: 'it cannot be encoded (RangeError)' },
    });
    expect(collector.logRecords().map((record) => record.body)).toEqual(['record 0', 'record 2']);
    expect(await sender.send([{ ...second, body }], sendOptions())).toEqual({
      kind: 'failed',
      reason: 'the batch could not be encoded (RangeError)',
    });
  });

  it('counts what cannot be encoded of metrics in data points', async () => {
    const { countOf } = itemMeasures.metrics;
    const sender = await openSender('metrics', connectionTo('metrics', protocol), { countOf });
    closers.push(() => sender.close());
    const circle: Record<string, AnyValue> = {};
    circle.self = circle;
    const bad = sampleMetrics('codex.bad');
    const scopeMetrics = [...bad.scopeMetrics, ...sampleMetrics('codex.worse').scopeMetrics];
    for (const { dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
      for (const { attributes } of dataPoints) attributes.circle = circle;
    }
    const result = await sender.send([sampleMetrics('codex.good'), { ...bad, scopeMetrics }], sendOptions());
    expect(result).toMatchObject({ kind: 'delivered', unencoded: { items: 2 } });
    expect(collector.metrics().map(({ name }) => name)).toEqual(['codex.good']);
  });

  it('compresses if configured', async () => {
    const sender = await logSender(protocol, { compression: 'gzip' });
    await sender.send(sampleLogRecords(100), sendOptions());
    expect(collector.logRecords()).toHaveLength(100);
    const [request] = collector.requests();
    if (protocol !== 'grpc') {
      expect(request?.encoding).toBe('gzip');
      expect(request?.bodyBytes).toBeLessThan((request?.decodedBytes ?? 0) / 4);
    }
  });

  it('sends the current headers', async () => {
    let asked = 0;
    const sender = await logSender(protocol, { headers: async () => ({ 'X-Token': `token-${++asked}` }) });
    await sender.send(sampleLogRecords(1), sendOptions());
    await sender.send(sampleLogRecords(1), sendOptions());
    expect(collector.requests().map(({ headers }) => headers['x-token'])).toEqual(['token-1', 'token-2']);
  });

  it('reports what was rejected', async () => {
    await collector.behave({ kind: 'partial-success', rejected: 2, message: 'too old' });
    const sender = await logSender(protocol);
    const result = await sender.send(sampleLogRecords(5), sendOptions());
    expect(result).toEqual({ kind: 'delivered', rejectedItems: 2, message: 'too old' });
  });

  it.each([429, 503])('treats %d as retryable, after the time that it names', async (code) => {
    await collector.behave({ kind: 'status', code, retryAfter: 3600 });
    const sender = await logSender(protocol);
    const result = await sender.send(sampleLogRecords(1), sendOptions());
    expect(result).toMatchObject({ kind: 'retryable', retryAfterMillis: 3_600_000 });
  });

  it.each([400, 413])('treats %d as a refusal of the batch', async (code) => {
    await collector.behave({ kind: 'status', code, grpcCode: code === 413 ? 8 : undefined });
    const sender = await logSender(protocol);
    expect(await sender.send(sampleLogRecords(1), sendOptions())).toMatchObject({ kind: 'refused' });
  });

  it.each([401, 404])('treats %d as final', async (code) => {
    await collector.behave({ kind: 'status', code });
    const sender = await logSender(protocol);
    expect(await sender.send(sampleLogRecords(1), sendOptions())).toMatchObject({ kind: 'failed' });
  });

  it('tries again after 401 when the headers could not be renewed', async () => {
    let asked = 0;
    const headers = async () => {
      asked += 1;
      if (asked > 1) throw new Error('no token');
      return { authorization: 'Bearer first-token' };
    };
    const sender = await logSender(protocol, { headers });
    await sender.send(sampleLogRecords(1), sendOptions());
    await collector.behave({ kind: 'status', code: 401 });
    expect(await sender.send(sampleLogRecords(1), sendOptions())).toMatchObject({ kind: 'retryable' });
    expect(collector.requests().map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first-token',
      'Bearer first-token',
    ]);
  });

  it('sends nothing if no headers were ever available', async () => {
    const sender = await logSender(protocol, { headers: () => Promise.reject(new Error('no token')) });
    expect(await sender.send(sampleLogRecords(1), sendOptions())).toMatchObject({ kind: 'retryable' });
    expect(collector.requests()).toHaveLength(0);
  });

  it.each([
    { kind: 'hang' },
    { kind: 'hang-after-headers' },
    { kind: 'trickle', intervalMillis: 20 },
    { kind: 'hang-on-connect' },
  ] as const)('gives up in time on a collector with the behaviour $kind', async (behaviour) => {
    await collector.behave(behaviour);
    const sender = await logSender(protocol);
    expect(await sender.send(sampleLogRecords(1), sendOptions(200))).toMatchObject({ kind: 'retryable' });
  });

  it.each([{ kind: 'refuse' }, { kind: 'garbage-on-connect' }, { kind: 'reset-mid-body' }] as const)(
    'survives a collector with the behaviour $kind, and delivers when it is back',
    async (behaviour) => {
      const sender = await logSender(protocol);
      await collector.behave(behaviour);
      expect(await sender.send(sampleLogRecords(1), sendOptions())).toMatchObject({ kind: 'retryable' });
      await collector.behave({ kind: 'answer' });
      expect(await sender.send(sampleLogRecords(1), sendOptions())).toMatchObject({ kind: 'delivered' });
    },
  );

  it('treats a good status with an unreadable body as a delivery', async () => {
    await collector.behave({ kind: 'garbage' });
    const sender = await logSender(protocol);
    const result = await sender.send(sampleLogRecords(1), sendOptions());
    expect(result.kind).toBe('delivered');
  });

  it('never shows a header, for any answer and any headers', async () => {
    const secret = 'sk-very-secret-token';
    await collector.behave({ kind: 'partial-success', rejected: 1, message: `bad key ${secret}\nfake line` });
    const results = [
      await (await logSender(protocol, { headers: async () => ({ a: `Bearer ${secret}` }) })).send(
        sampleLogRecords(1),
        sendOptions(),
      ),
    ];
    results.push(
      await (await logSender(protocol, { headers: async () => ({ a: `${secret}\n` }) })).send(
        sampleLogRecords(1),
        sendOptions(),
      ),
    );
    results.push(
      await (await logSender(protocol, { headers: async () => ({ 'a b': secret }) })).send(
        sampleLogRecords(1),
        sendOptions(),
      ),
    );
    const text = JSON.stringify(results);
    expect(text).not.toContain(secret);
    expect(text).not.toContain('\\n');
    expect(results.map(({ kind }) => kind)).toEqual(['delivered', 'retryable', 'retryable']);
  });
});

describe('openSender', () => {
  it.each(['http/protobuf', 'http/json', 'grpc'] as const)(
    'sends the id of the batch with it over %s',
    async (protocol) => {
      const sender = await logSender(protocol);
      await sender.send(sampleLogRecords(1), { ...sendOptions(), batchId: 'batch-7' });
      expect(collector.requests()[0]?.headers['codex-otel-batch-id']).toBe('batch-7');
    },
  );
});

describe('openSender over HTTP', () => {
  it('uses its connection again', async () => {
    const sender = await logSender('http/protobuf');
    await sender.send(sampleLogRecords(1), sendOptions());
    await sender.send(sampleLogRecords(1), sendOptions());
    expect(new Set(collector.requests().map(({ headers }) => headers.connection))).toEqual(new Set(['keep-alive']));
  });

  it('tries once more when its idle connection was cut', async () => {
    const sender = await logSender('http/protobuf');
    await sender.send(sampleLogRecords(1), sendOptions());
    await collector.behave({ kind: 'refuse' });
    await collector.behave({ kind: 'answer' });
    expect(await sender.send(sampleLogRecords(1), sendOptions())).toMatchObject({ kind: 'delivered' });
  });

  it('does not let configured headers replace those that describe the body', async () => {
    const headers = async () => ({ 'Content-Type': 'text/plain', 'content-length': '1', 'USER-AGENT': 'mine' });
    const sender = await logSender('http/json', { headers });
    expect(await sender.send(sampleLogRecords(1), sendOptions())).toMatchObject({ kind: 'delivered' });
    expect(collector.requests()[0]).toMatchObject({
      contentType: 'application/json',
      headers: { 'user-agent': 'mine' },
    });
  });

  it.each<
    readonly [what: string, status: number, headers: Readonly<Record<string, string>>, body: string, kind: string]
  >([
    ['a web page without a type', 200, {}, ' <!DOCTYPE html><html>Sign in</html>', 'retryable'],
    ['a web page as text', 200, { 'content-type': 'text/plain' }, '<html>Sign in</html>', 'retryable'],
    ['a proxy that demands credentials', 407, {}, '', 'retryable'],
    ['a redirect', 302, { location: 'https://example.com/v1/logs' }, '', 'failed'],
    ['too large, with a time', 413, { 'retry-after': '3600' }, '', 'refused'],
  ])('recognises %s', async (_what, status, headers, body, kind) => {
    const sender = await senderTo((response) => response.writeHead(status, headers).end(body));
    expect((await sender.send(sampleLogRecords(1), sendOptions())).kind).toBe(kind);
  });

  it('recognises a web page and reads an answer, both with a byte-order mark', async () => {
    const bodies = [
      '\uFEFF<!doctype html>',
      '<!-- of a gateway --><html>',
      '\uFEFF{"partialSuccess":{"rejectedLogRecords":"1"}}',
    ];
    const type = (body: string) => (body.includes('{') ? { 'content-type': 'application/json' } : {});
    const sender = await senderTo((response) => {
      const body = bodies.shift() ?? '';
      response.writeHead(200, type(body)).end(body);
    });
    const page = { kind: 'retryable', reason: 'a web page answered, not a collector' };
    for (const result of [page, page, { kind: 'delivered', rejectedItems: 1 }])
      expect(await sender.send(sampleLogRecords(1), sendOptions())).toEqual(result);
  });

  it('refuses a client certificate for a plain endpoint', async () => {
    const connection = connectionTo('logs', 'http/protobuf', { tls: { cert: 'x', key: 'y' } });
    await expect(openSender('logs', connection)).rejects.toThrow('a client certificate needs an https endpoint');
  });
});

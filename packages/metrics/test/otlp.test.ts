import type { OtelExporter } from '@codex-otel/config';
import type { OtlpCollector, ReceivedMetric } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MetricsClient } from '../src/index.ts';
import { createMetricsClient } from '../src/index.ts';
import { service } from './in-memory-client.ts';
import { runProgram } from './run-program.ts';

let collector: OtlpCollector;

beforeEach(async () => {
  collector = await startOtlpCollector();
});

afterEach(async () => {
  await collector.close();
  delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
});

const protocols = {
  'http/protobuf': (): OtelExporter => ({ kind: 'otlp-http', protocol: 'binary', endpoint: collector.httpUrl }),
  'http/json': (): OtelExporter => ({ kind: 'otlp-http', protocol: 'json', endpoint: collector.httpUrl }),
  grpc: (): OtelExporter => ({ kind: 'otlp-grpc', endpoint: collector.grpcUrl }),
};
const protocolNames = ['http/protobuf', 'http/json', 'grpc'] as const;

function recordEverything(client: MetricsClient): void {
  client.counter('codex.tool.call', 2, { tool: 'shell', success: 'true' });
  client.counterWithDescription('codex.described', 'Says so.', Number.MAX_SAFE_INTEGER);
  client.histogram('codex.turn.token_usage', 14_899, { token_type: 'total' });
  client.histogram('codex.negative', -2.5);
  client.recordDuration('codex.tool.call.duration_ms', 250.9, { tool: 'shell' });
  client.recordDurationSeconds('codex.seconds', 'Seconds.', 0.25);
  client.gauge('codex.level', -3);
  client.observableGauge('codex.memory', 'Bytes.', () => 7, { of: 'process' });
}

/** What arrived, without what differs from one run to the next. */
function comparable(metrics: readonly ReceivedMetric[]) {
  return metrics.map(({ requestIndex: _request, points, ...metric }) => ({
    ...metric,
    points: (points as readonly { startTimeUnixNano: bigint; timeUnixNano: bigint }[]).map(
      ({ startTimeUnixNano, timeUnixNano, ...point }) => {
        expect(startTimeUnixNano).toBeGreaterThan(0n);
        expect(timeUnixNano).toBeGreaterThanOrEqual(startTimeUnixNano);
        return point;
      },
    ),
  }));
}

describe('OTLP export', () => {
  it('sends the same over all protocols', async () => {
    const received: unknown[] = [];
    for (const protocol of protocolNames) {
      collector.clear();
      const client = await createMetricsClient({ ...service, exporter: protocols[protocol](), env: {} });
      recordEverything(client);
      await client.shutdown(patience);
      received.push(comparable(collector.metrics()));
    }

    expect(received[0]).toHaveLength(8);
    expect(received[1]).toEqual(received[0]);
    expect(received[2]).toEqual(received[0]);
  });

  it.each(protocolNames)('sends over %s counters as integers, delta, under the scope codex', async (protocol) => {
    const client = await createMetricsClient({ ...service, exporter: protocols[protocol](), env: {} });
    recordEverything(client);
    await client.shutdown(patience);

    const metrics = new Map(collector.metrics().map((metric) => [metric.name, metric]));
    expect(metrics.get('codex.tool.call')).toMatchObject({
      kind: 'sum',
      temporality: 'delta',
      isMonotonic: true,
      unit: '',
      description: '',
      scope: { name: 'codex', version: '' },
      points: [{ valueType: 'int', attributes: { success: 'true', tool: 'shell' } }],
    });
    expect(metrics.get('codex.turn.token_usage')).toMatchObject({
      kind: 'histogram',
      temporality: 'delta',
      points: [{ sum: 14_899, count: 1, bounds: Array.from({ length: 14 }, (_, exponent) => 4 ** exponent) }],
    });
    expect(metrics.get('codex.level')).toMatchObject({ kind: 'gauge', points: [{ valueType: 'int' }] });
  });

  it('posts JSON once to /v1/metrics, and treats any 2xx answer as success', async () => {
    await collector.behave({ kind: 'status', code: 202 });
    const client = await createMetricsClient({ ...service, exporter: protocols['http/json'](), env: {} });
    client.counter('codex.turns', 1);
    await client.shutdown(patience);

    expect(collector.requests()).toMatchObject([
      { method: 'POST', path: '/v1/metrics', contentType: 'application/json', signal: 'metrics' },
    ]);
  });

  it.each(protocolNames)('sends over %s compressed, with headers asked for each export', async (protocol) => {
    let token = 0;
    const exporter: OtelExporter = {
      ...protocols[protocol](),
      compression: 'gzip',
      headers: async () => ({ authorization: `Bearer ${++token}` }),
    } as OtelExporter;
    const client = await createMetricsClient({ ...service, exporter, env: {} });
    client.counter('c', 1);
    await client.forceFlush();
    client.counter('c', 1);
    await client.shutdown(patience);

    expect(collector.requests().map((request) => [request.headers.authorization, request.encoding])).toEqual([
      ['Bearer 1', 'gzip'],
      ['Bearer 2', 'gzip'],
    ]);
    expect(collector.metrics()).toHaveLength(2);
  });

  it('rejects shutdown if there are no headers', async () => {
    const exporter: OtelExporter = {
      kind: 'otlp-grpc',
      endpoint: collector.grpcUrl,
      headers: () => Promise.reject(new Error('no token')),
    };
    const client = await createMetricsClient({ ...service, exporter, env: {} });
    client.counter('c', 1);

    await expect(client.shutdown()).rejects.toMatchObject({
      code: 'SHUTDOWN_FAILED',
      message: expect.stringMatching(/: http:\/\/127\.0\.0\.1:\d+\/?: no headers: asking for them failed \(Error\)$/),
    });
  });

  it("keeps the environment's headers from the built-in Statsig endpoint, and its list of metrics too", async () => {
    process.env.OTEL_EXPORTER_OTLP_HEADERS = 'x-secret=mine';
    const exporter: OtelExporter = { kind: 'statsig', apiKey: 'key', endpoint: `${collector.httpUrl}/v1/metrics` };
    const client = await createMetricsClient({ ...service, exporter });
    client.counter('codex.tool.call', 1);
    client.counter('codex.turns', 1);
    await client.shutdown(patience);

    const [request] = collector.requests();
    expect(request?.headers).toMatchObject({ 'statsig-api-key': 'key', 'content-type': 'application/json' });
    expect(request?.headers['x-secret']).toBeUndefined();
    expect(collector.metrics().map((metric) => metric.name)).toEqual(['codex.turns']);
  });

  it("sends the environment's headers to an endpoint of the user's own", async () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'x-secret=mine' };
    const client = await createMetricsClient({ ...service, exporter: protocols['http/protobuf'](), env });
    client.counter('c', 1);
    await client.shutdown(patience);

    expect(collector.requests()[0]?.headers['x-secret']).toBe('mine');
  });

  it.each(protocolNames)(
    'rejects shutdown over %s if the collector refuses, and in time if it hangs',
    async (protocol) => {
      const refused = await createMetricsClient({ ...service, exporter: protocols[protocol](), env: {} });
      refused.counter('c', 1);
      await collector.behave({ kind: 'status', code: 400 });
      await expect(refused.shutdown()).rejects.toMatchObject({
        code: 'SHUTDOWN_FAILED',
        message: expect.stringMatching(/: http:\/\/127\.0\.0\.1:\d+\/?\S*: (HTTP 400|gRPC status 3)/),
      });

      const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '300' };
      const hung = await createMetricsClient({ ...service, exporter: protocols[protocol](), env });
      hung.counter('c', 1);
      await collector.behave({ kind: 'hang' });
      await expect(hung.shutdown({ timeoutMillis: 50 })).rejects.toMatchObject({
        code: 'SHUTDOWN_FAILED',
        message: expect.stringMatching(/: not done within 50 ms: http:\/\/127\.0\.0\.1:\d+\/?\S*: no answer$/),
      });
    },
  );

  it('rejects an endpoint that is not a URL before anything is recorded', async () => {
    const exporter: OtelExporter = { kind: 'otlp-http', protocol: 'json', endpoint: 'collector' };

    await expect(createMetricsClient({ ...service, exporter, env: {} })).rejects.toMatchObject({
      code: 'INVALID_OTEL_CONFIG',
    });
  });

  it("exports the metrics of a program's one turn before the program ends", async () => {
    await runProgram('record-and-exit', collector.httpUrl);

    const usage = collector.metrics().find((metric) => metric.name === 'codex.turn.token_usage');
    expect(usage).toMatchObject({
      kind: 'histogram',
      resource: { attributes: { 'service.name': 'codex_exec' } },
      points: [
        { sum: 120, attributes: { token_type: 'total' } },
        { sum: 100, attributes: { token_type: 'input' } },
        { sum: 20, attributes: { token_type: 'output' } },
      ],
    });
    expect(collector.metrics().map((metric) => metric.name)).toContain('codex.turn.e2e_duration_ms');
  });

  it('loads no SDK and no exporter before there is something to export, and never gRPC for HTTP', async () => {
    const stdout = await runProgram('list-loaded', collector.httpUrl);

    const { imported, recording, exported } = JSON.parse(stdout);
    expect(imported).toEqual([]);
    expect(recording).toEqual([]);
    expect(exported).toContain('@opentelemetry/sdk-metrics');
    expect(exported).toContain('@opentelemetry/otlp-transformer');
    expect(exported.filter((name: string) => name.includes('grpc'))).toEqual([]);
  });

  it('says which packages to install if gRPC is configured but not installed', async () => {
    const stdout = await runProgram('without-grpc');

    expect(JSON.parse(stdout)).toEqual({
      code: 'EXPORTER_BUILD_FAILED',
      message: expect.stringContaining('npm install @grpc/grpc-js'),
    });
  });
});

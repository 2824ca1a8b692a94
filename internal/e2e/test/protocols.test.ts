import type { PlainAttributes } from '@codex-otel/otlp-collector';
import { describe, expect, it } from '@jest/globals';
import { shippedStream, startPipeline, streamOf } from '../src/index.ts';

/** What a turn sends over a protocol, without what differs from run to run: ids, times and how long things took. */
async function turnOver(protocol: 'binary' | 'json' | 'grpc') {
  const pipeline = await startPipeline({ protocol });
  const turn = pipeline.startTurn();
  pipeline.telemetry.userPrompt([{ type: 'text', text: 'hello' }], turn.context);
  await turn.tool({ toolName: 'shell', callId: 'call-1', arguments: '{}' }, () => ({ output: 'ok', success: true }));
  for await (const _event of turn.observeResponse(streamOf(await shippedStream('2-answer'))));
  turn.end();
  const { spans, logRecords, metrics } = await pipeline.finish();
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return {
    transports: [...new Set(pipeline.collector.requests().map(({ transport }) => transport))],
    spans: spans.map(
      ({ name, kind, status, parentSpanId = '', attributes, typedAttributes, events, scope, resource }) => ({
        name,
        kind,
        status,
        parent: names.get(parentSpanId),
        attributes: steady(attributes),
        types: typedAttributes.map(({ key, value }) => [key, value.kind]),
        events: events.map((event) => ({ name: event.name, attributes: steady(event.attributes) })),
        scope: scope.name,
        resource: resource.attributes,
      }),
    ),
    logRecords: logRecords.map(
      ({ attributes, typedAttributes, severityNumber, body, spanId = '', scope, resource }) => ({
        attributes: steady(attributes),
        types: typedAttributes.map(({ key, value }) => [key, value.kind]),
        severityNumber,
        body,
        span: names.get(spanId),
        scope: scope.name,
        resource: resource.attributes,
      }),
    ),
    metrics: metrics.map(({ name, unit, kind, points, scope, resource }) => ({
      name,
      unit,
      kind,
      scope: scope.name,
      resource: resource.attributes,
      points: points.map((point) => ({
        attributes: point.attributes,
        amount: 'value' in point ? point.value : point.count,
      })),
    })),
  };
}

function steady(attributes: PlainAttributes): PlainAttributes {
  const varying = /critical_path_\w+_ms|result_ready_ms|duration_ms|wait_ms|timestamp|ttft_ms|tool_result_seq/;
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, varying.test(key) ? typeof value : value]),
  );
}

describe('a turn over HTTP/protobuf, HTTP/JSON and gRPC', () => {
  it('arrives as the same', async () => {
    const { transports: viaHttp, ...binary } = await turnOver('binary');
    const { transports: viaJson, ...json } = await turnOver('json');
    const { transports: viaGrpc, ...grpc } = await turnOver('grpc');
    expect([viaHttp, viaJson, viaGrpc]).toEqual([['http'], ['http'], ['grpc']]);
    expect(binary.spans.length).toBeGreaterThan(3);
    expect(binary.logRecords.length).toBeGreaterThan(3);
    expect(binary.metrics.length).toBeGreaterThan(3);
    expect(json).toEqual(binary);
    expect(grpc).toEqual(binary);
  });
});

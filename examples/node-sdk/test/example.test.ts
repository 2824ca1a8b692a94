import type { OtlpCollector, ReceivedSpan } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runExample } from '../src/example.ts';

let collector: OtlpCollector;
let answer: string;
beforeAll(async () => {
  collector = await startOtlpCollector();
  answer = await runExample(collector.grpcUrl, 'What is six times seven?');
});
afterAll(() => collector.close());

/** The one span of this name and these attributes. */
function span(name: string, attributes: Readonly<Record<string, unknown>> = {}): ReceivedSpan {
  const found = collector
    .spans()
    .filter((each) => each.name === name && Object.entries(attributes).every(([k, v]) => each.attributes[k] === v));
  expect(found).toHaveLength(1);
  return found[0] as ReceivedSpan; // just counted
}

/** Names from a span up to its root. */
function path(from: ReceivedSpan): readonly string[] {
  const parent = collector.spans().find(({ spanId }) => spanId === from.parentSpanId);
  return parent === undefined ? [from.name] : [from.name, ...path(parent)];
}

describe('a service with its own SDK', () => {
  it('answers', () => {
    expect(answer).toBe('It is 42.');
  });

  it('exports only over gRPC, with its own exporters', () => {
    const requests = collector.requests();
    expect(new Set(requests.map(({ transport }) => transport))).toEqual(new Set(['grpc']));
    expect(new Set(requests.map(({ signal }) => signal))).toEqual(new Set(['traces', 'logs', 'metrics']));
    const services = [...collector.spans(), ...collector.logRecords(), ...collector.metrics()].map(
      ({ resource }) => resource.attributes['service.name'],
    );
    expect(new Set(services)).toEqual(new Set(['question-service']));
  });

  it('has the turn below its own span, which is below the instrumented request: one trace', () => {
    const turn = ['session_task.turn', 'answer question', 'POST'];
    expect(path(span('session_task.turn'))).toEqual(turn);
    expect(path(span('handle_tool_call'))).toEqual(['handle_tool_call', ...turn]);
    const responses = collector.spans().filter(({ name }) => name === 'handle_responses');
    for (const response of responses) {
      expect(path(response)).toEqual(['handle_responses', 'receiving_stream', ...turn]);
    }
    const calls = collector.spans().filter(({ kind }) => kind === 'client');
    expect(calls.map((call) => path(call))).toEqual([
      ['POST', ...turn],
      ['POST', ...turn],
    ]);
    expect(new Set(collector.spans().map(({ traceId }) => traceId)).size).toBe(1);
  });

  it('has the tokens of each response and of the turn, and the cost on its own span', () => {
    const tokens = collector.spans().flatMap(({ attributes }) => attributes['gen_ai.usage.input_tokens'] ?? []);
    expect(tokens).toEqual([420, 470]);
    expect(span('session_task.turn').attributes).toMatchObject({
      'codex.turn.token_usage.input_tokens': 890,
      'codex.turn.token_usage.cached_input_tokens': 804,
      'codex.turn.token_usage.output_tokens': 38,
      'codex.turn.token_usage.reasoning_output_tokens': 12,
      'codex.turn.token_usage.total_tokens': 928,
    });
    // 86 × 1.25 + 804 × 0.125 + 38 × 10, rounded.
    expect(span('answer question').attributes).toEqual({ 'question.cost_micro_usd': 588 });
  });

  it('has the log records of the session, in the trace', () => {
    const records = collector.logRecords();
    const count = (name: string): number => records.filter(({ eventName }) => eventName === name).length;
    expect(['codex.user_prompt', 'codex.api_request', 'codex.tool_result', 'codex.turn_ttft'].map(count)).toEqual([
      1, 2, 1, 1,
    ]);
    expect(count('codex.sse_event')).toBeGreaterThan(4);
    const { traceId } = span('session_task.turn');
    expect(new Set(records.map((record) => record.traceId))).toEqual(new Set([traceId]));
    expect(new Set(records.map(({ scope }) => scope.name))).toEqual(new Set(['codex_otel.log_only']));
  });

  it('has the metrics of the session beside its own', () => {
    const names = new Set(collector.metrics().map(({ name }) => name));
    expect([...names]).toEqual(
      expect.arrayContaining([
        'http.server.request.duration',
        'codex.api_request',
        'codex.tool.call',
        'codex.turn.e2e_duration_ms',
        'codex.turn.token_usage',
      ]),
    );
  });

  it('starts its tool’s process below the tool', () => {
    const record = collector.logRecords().find(({ eventName }) => eventName === 'codex.tool_result');
    const { traceId, spanId } = span('handle_tool_call');
    expect(record?.attributes.output).toBe(`00-${traceId}-${spanId}-01 42\n`);
  });
});

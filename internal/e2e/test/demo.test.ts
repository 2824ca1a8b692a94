import type { DemoReport } from '@codex-otel/example-cli';
import { runDemo } from '@codex-otel/example-cli';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { TokenUsage } from '@codex-otel/token-usage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  demoScript,
  inOrder,
  metricSum,
  recordsOf,
  responsesOf,
  responseUsage,
  shippedStream,
  spansWithUsage,
  sumUsage,
  turnUsage,
  usageRecords,
} from '../src/index.ts';

/** What the shipped streams say, turn by turn. */
interface ExpectedTurn {
  readonly kind: string;
  readonly responses: readonly { readonly id: string; readonly usage: TokenUsage }[];
}

async function expectedTurns(): Promise<readonly ExpectedTurn[]> {
  const turns = [];
  for (const { kind, streams } of await demoScript()) {
    const responses = [];
    for (const name of streams) responses.push(...responsesOf(await shippedStream(name)));
    turns.push({ kind, responses });
  }
  return turns;
}

describe.each(['http/protobuf', 'http/json'] as const)('the demo over %s', (protocol) => {
  let collector: OtlpCollector;
  let report: DemoReport;
  let expected: readonly ExpectedTurn[];

  beforeAll(async () => {
    collector = await startOtlpCollector({ grpc: false });
    expected = await expectedTurns();
    report = await runDemo({ protocol, collector, paceMillis: 0 });
  });
  afterAll(() => collector.close());

  const turnSpans = () =>
    inOrder(collector.spans().filter(({ name }) => name === 'session_task.turn' || name === 'session_task.compact'));

  it('sends in that encoding', () => {
    const contentType = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
    expect(new Set(collector.requests().map((request) => request.contentType))).toEqual(new Set([contentType]));
  });

  it('puts the usage of each shipped stream on the span of its response', () => {
    const responses = inOrder(collector.spans()).filter((span) => responseUsage(span) !== undefined);
    expect(responses.map((span) => [span.name, span.attributes['gen_ai.response.id'], responseUsage(span)])).toEqual(
      expected.flatMap((turn) => turn.responses.map(({ id, usage }) => ['handle_responses', id, usage])),
    );
  });

  it('puts their sum on the span of the turn, and nothing on that of the compaction', () => {
    expect(turnSpans().map((span) => [span.name, turnUsage(span)])).toEqual(
      expected.map(({ kind, responses }) =>
        kind === 'compact'
          ? ['session_task.compact', undefined]
          : ['session_task.turn', sumUsage(responses.map(({ usage }) => usage))],
      ),
    );
  });

  it('has usage on no other span', () => {
    const names = new Set(spansWithUsage(collector.spans()).map((span) => span.name));
    expect(names).toEqual(new Set(['handle_responses', 'session_task.turn']));
  });

  it('logs one usage record for each response, with the same numbers', () => {
    const records = usageRecords(collector.logRecords());
    expect(
      records.map(({ attributes }) => [
        attributes['response.id'],
        Number(attributes.input_token_count),
        attributes.cached_token_count,
        Number(attributes.output_token_count),
        attributes.reasoning_token_count,
        Number(attributes.tool_token_count),
      ]),
    ).toEqual(
      expected.flatMap(({ responses }) =>
        responses.map(({ id, usage }) => [
          id,
          usage.inputTokens,
          usage.cachedInputTokens,
          usage.outputTokens,
          usage.reasoningOutputTokens,
          usage.totalTokens,
        ]),
      ),
    );
  });

  it('counts the tokens of every turn in the histograms, those of the compaction too', () => {
    const all = sumUsage(expected.flatMap(({ responses }) => responses.map(({ usage }) => usage)));
    const sum = (type: string) => metricSum(collector.metrics(), 'codex.turn.token_usage', { token_type: type });
    expect({
      input: sum('input'),
      cached: sum('cached_input'),
      output: sum('output'),
      reasoning: sum('reasoning_output'),
      total: sum('total'),
    }).toEqual({
      input: all.inputTokens,
      cached: all.cachedInputTokens,
      output: all.outputTokens,
      reasoning: all.reasoningOutputTokens,
      total: all.totalTokens,
    });
  });

  it('reports what arrived', () => {
    const all = expected.flatMap(({ responses }) => responses.map(({ usage }) => usage));
    expect(report.total).toEqual(sumUsage(all));
    expect(report.turns.map(({ arrived }) => arrived?.responses.map(({ tokens }) => tokens))).toEqual(
      expected.map(({ responses }) => responses.map(({ usage }) => usage)),
    );
    expect(report.turns.map(({ countedTokens }) => countedTokens)).toEqual(
      expected.map(({ responses }) => sumUsage(responses.map(({ usage }) => usage))),
    );
    const count = (counts: Readonly<Record<string, number>> | undefined) =>
      Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0);
    expect(count(report.arrived?.spans)).toBe(collector.spans().length);
    expect(count(report.arrived?.logRecords)).toBe(collector.logRecords().length);
    expect(report.sent.traces.exported).toBe(collector.spans().length);
    expect(report.sent.logs.exported).toBe(collector.logRecords().length);
  });

  it('retries the request that fails, within one turn and one trace', () => {
    const requests = recordsOf(collector.logRecords(), 'codex.api_request');
    expect(requests.map(({ attributes }) => [attributes.attempt, attributes['http.response.status_code']])).toEqual([
      [0, 200],
      [0, 200],
      [0, 200],
      [0, 200],
      [0, 503],
      [1, 200],
      [0, 200],
    ]);
    expect(requests[4]?.traceId).toBe(requests[5]?.traceId);
    expect(report.modelRequests.map(({ status }) => status)).toEqual([200, 200, 200, 200, 503, 200, 200]);
  });

  it('carries the trace of the turn to the model', () => {
    const turnOfRequest = [0, 1, 1, 1, 2, 2, 3];
    expect(report.modelRequests.map(({ traceparent }) => traceparent?.split('-')[1])).toEqual(
      turnOfRequest.map((turn) => report.turns[turn]?.traceId),
    );
  });

  it('decides about tools, runs those that are allowed, and records the results', () => {
    const decisions = recordsOf(collector.logRecords(), 'codex.tool_decision');
    expect(decisions.map(({ attributes }) => [attributes.decision, attributes.source])).toEqual([
      ['approved', 'Config'],
      ['approved', 'User'],
      ['denied', 'User'],
    ]);
    const results = recordsOf(collector.logRecords(), 'codex.tool_result');
    expect(results.map(({ attributes }) => [attributes.arguments, attributes.success, attributes.output])).toEqual([
      ['{"command":["ls","streams"]}', 'true', expect.stringContaining('2-list-recordings.jsonl')],
      ['{"command":["node","--version"]}', 'true', `${process.version}\n`],
      ['{"command":["rm","-r","streams"]}', 'false', 'denied by the user'],
    ]);
  });

  it('gives each turn a trace of its own with every span in it', () => {
    const spans = collector.spans();
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(report.turns.map(({ traceId }) => traceId)));
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))).toEqual([]);
  });
});

describe('the figures of the demo at its normal pace', () => {
  let turns: readonly NonNullable<DemoReport['turns'][number]['arrived']>[];

  beforeAll(async () => {
    const report = await runDemo();
    turns = report.turns.flatMap(({ arrived }) => arrived ?? []);
  });

  /** How long the spans of a turn with this name took in total. */
  const millisOf = (turn: (typeof turns)[number] | undefined, name: string): number =>
    (turn?.spans.children ?? [])
      .filter((span) => span.name === name)
      .reduce((sum, { durationMillis }) => sum + durationMillis, 0);

  it('are those of the script: 300 ms for an approval, 200 ms for a tool, 100 ms before a retry', () => {
    expect(turns[1]?.profile.user_wait).toBeGreaterThan(295);
    expect(turns[1]?.profile.tools).toBeGreaterThan(195);
    expect(turns[2]?.profile.overhead).toBeGreaterThan(95);
    expect(turns.map(({ profile }) => profile.auto_review || profile.unknown)).toEqual([0, 0, 0, 0]);
  });

  it('are those of the spans, and add up', () => {
    for (const [index, turn] of turns.entries()) {
      // Both read the same clock at the same instants, and a component is cut at whole milliseconds.
      const inference = Number(turn.profile.inference) - millisOf(turn, 'codex.sampling');
      expect(inference).toBeGreaterThan(-2);
      // The request of the third turn that was refused counts as inference and is no span `codex.sampling`.
      if (index !== 2) expect(inference).toBeLessThan(2);
      // A tool's span opens before its time begins to count.
      expect(Number(turn.profile.tools)).toBeLessThan(millisOf(turn, 'handle_tool_call') + 2);
      const sum = Object.values(turn.profile).reduce((total, millis) => total + millis, 0);
      expect(Math.abs(sum - turn.durationMillis)).toBeLessThan(2);
    }
  });
});

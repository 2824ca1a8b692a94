import type { OtlpAttribute } from '@codex-otel/otlp-collector';
import type { GenAiMode } from '@codex-otel/session-telemetry';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ConventionAttribute, ConventionTable } from '../src/gen-ai-convention.ts';
import { conventionMetrics, conventionSpans } from '../src/gen-ai-convention.ts';
import { demoScript, demoSession, furtherSession, inOrder, responsesOf, shippedStream } from '../src/index.ts';
import type { Received } from '../src/pipeline.ts';

// The demo, and a turn with what the demo lacks, in each mode, compared with the release of the conventions.

/** Which of Codex's spans says what the conventions' span says. */
const CODEX_NAMES: Readonly<Record<keyof typeof conventionSpans, RegExp>> = {
  inference: /^handle_responses$/,
  invokeAgent: /^session_task\./,
  executeTool: /^handle_tool_call$/,
  mcpClient: /^mcp\.tools\.call$/,
};

/** Attributes whose names the conventions decide. Of `mcp.*` Codex has some of its own. */
const OF_CONVENTIONS =
  /^(gen_ai|openai|jsonrpc|network)\.|^mcp\.(method|protocol|session|resource)\.|^(rpc\.response\.|server\.)|^error\.type$/;

/** What is wrong with the attributes of one span or point, in words. */
function faults(attributes: readonly OtlpAttribute[], table: ConventionTable): readonly string[] {
  const found = new Map(attributes.map(({ key, value }) => [key, value]));
  const missing = Object.entries(table).flatMap(([key, { level }]) =>
    level === 'required' && !found.has(key) ? [`${key} is missing`] : [],
  );
  const wrong = [...found].flatMap(([key, value]) => {
    if (!OF_CONVENTIONS.test(key)) return [];
    const known = table[key];
    return known === undefined ? [`${key} is not known here`] : valueFaults(key, value, known);
  });
  return [...missing, ...wrong];
}

function valueFaults(key: string, value: OtlpAttribute['value'], known: ConventionAttribute): readonly string[] {
  const type = typeOf(value);
  // JavaScript sends a double without a fraction as an int.
  const isType = type === known.type || (known.type === 'double' && type === 'int');
  if (!isType) return [`${key} is ${type}, not ${known.type}`];
  if (known.values === undefined) return [];
  return known.values.includes(Object(value).value) ? [] : [`${key} has a value that is not allowed`];
}

function typeOf(value: OtlpAttribute['value']): ConventionAttribute['type'] | 'other' {
  switch (value.kind) {
    case 'string':
    case 'int':
    case 'double':
    case 'bool':
      return value.kind;
    case 'array':
      return value.values.every(({ kind }) => kind === 'string') ? 'string[]' : 'other';
    default:
      return 'other';
  }
}

const MODES: readonly GenAiMode[] = ['attributes', 'spans'];

describe.each(MODES)('with gen_ai = %j', (genAi) => {
  let ofDemo: Received;
  let all: Pick<Received, 'spans' | 'metrics'>;
  beforeAll(async () => {
    ofDemo = await demoSession(genAi);
    const further = await furtherSession(genAi);
    all = {
      spans: [...ofDemo.spans, ...further.spans],
      metrics: [...ofDemo.metrics, ...further.metrics],
    };
  });

  const spansOf = (kind: keyof typeof conventionSpans, spans = all.spans) =>
    inOrder(spans).filter(({ name, attributes }) =>
      genAi === 'spans'
        ? conventionSpans[kind].name.test(name)
        : CODEX_NAMES[kind].test(name) && ('gen_ai.operation.name' in attributes || kind === 'mcpClient'),
    );

  it.each(Object.keys(conventionSpans) as (keyof typeof conventionSpans)[])(
    'each attribute of %s is one of the conventions, and none is missing',
    (kind) => {
      const spans = spansOf(kind);
      expect(spans.length).toBeGreaterThan(0);
      for (const { name, typedAttributes } of spans)
        expect([name, faults(typedAttributes, conventionSpans[kind].attributes)]).toEqual([name, []]);
    },
  );

  it('no other span has attributes of the conventions, except those of Codex itself', () => {
    const kinds = Object.keys(conventionSpans) as (keyof typeof conventionSpans)[];
    const known = new Set(kinds.flatMap((kind) => spansOf(kind)));
    const others = all.spans
      .filter((span) => !known.has(span))
      .flatMap(({ attributes }) => Object.keys(attributes).filter((key) => /^(gen_ai|openai)\./.test(key)));
    expect(others).toEqual([]);
  });

  it('one span of each response carries its usage, and says what the conventions call it', async () => {
    const script = await demoScript();
    const streams = await Promise.all(script.flatMap(({ streams }) => streams).map(shippedStream));
    const responses = streams.flatMap(responsesOf);
    const carriers = ofDemo.spans.filter(({ attributes }) =>
      Object.keys(attributes).some((key) => key.startsWith('gen_ai.usage.')),
    );
    expect(inOrder(carriers)).toEqual(spansOf('inference', ofDemo.spans));
    expect(
      inOrder(carriers).map(({ attributes }) => [
        attributes['gen_ai.usage.input_tokens'],
        attributes['gen_ai.usage.output_tokens'],
        attributes['gen_ai.usage.cache_read.input_tokens'],
        attributes['gen_ai.usage.reasoning.output_tokens'],
      ]),
    ).toEqual(
      responses.map(({ usage }) => [
        usage.inputTokens,
        usage.outputTokens,
        usage.cachedInputTokens,
        usage.reasoningOutputTokens,
      ]),
    );
    const usageOfTurns = ofDemo.spans.filter(({ attributes }) =>
      Object.keys(attributes).some((key) => key.startsWith('codex.turn.token_usage.')),
    );
    expect(usageOfTurns.length > 0).toBe(genAi === 'attributes');
  });

  it('a call has what is known about it: conversation, model, effort, stream, times, reason', () => {
    for (const { attributes } of spansOf('inference', ofDemo.spans)) {
      expect(attributes).toMatchObject({
        'gen_ai.request.model': 'gpt-5.1-codex',
        'gen_ai.request.reasoning.level': 'medium',
        'gen_ai.request.stream': true,
        'gen_ai.conversation.id': expect.stringMatching(/-/),
        'gen_ai.response.id': expect.any(String),
        'gen_ai.response.time_to_first_chunk': expect.any(Number),
        'gen_ai.response.finish_reasons': [expect.stringMatching(/^(stop|tool_call)$/)],
      });
    }
  });

  it('only the summary says that it compacts the conversation', () => {
    const compacted = spansOf('inference', ofDemo.spans).filter(
      ({ attributes }) => attributes['gen_ai.conversation.compacted'] === true,
    );
    expect(compacted).toHaveLength(1);
  });

  it('the spans are of the kind that the conventions name, and hang together', () => {
    for (const kind of Object.keys(conventionSpans) as (keyof typeof conventionSpans)[]) {
      if (genAi === 'attributes' && kind === 'inference') continue;
      for (const { name, kind: found } of spansOf(kind))
        expect([name, found]).toEqual([name, conventionSpans[kind].kind]);
    }
    const ids = new Set(all.spans.map(({ spanId }) => spanId));
    expect(all.spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))).toEqual([]);
  });

  it('each metric of the conventions is recorded as they say, and no other', () => {
    const metrics = all.metrics.filter(({ name }) => /^(gen_ai|mcp)\./.test(name));
    expect([...new Set(metrics.map(({ name }) => name))].sort()).toEqual(Object.keys(conventionMetrics).sort());
    for (const metric of metrics) {
      const known = conventionMetrics[metric.name];
      expect([metric.name, metric.unit, metric.kind]).toEqual([
        metric.name,
        known?.unit,
        known?.bounds === undefined ? 'sum' : 'histogram',
      ]);
      for (const point of metric.points) {
        expect([metric.name, faults(point.typedAttributes, known?.attributes ?? {})]).toEqual([metric.name, []]);
        if ('bounds' in point) expect([metric.name, point.bounds]).toEqual([metric.name, known?.bounds]);
      }
    }
  });
});

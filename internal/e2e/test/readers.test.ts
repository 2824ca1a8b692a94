import { runDemo } from '@codex-otel/example-cli';
import type { OtlpCollector, PlainAttributes, ReceivedSpan } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demoScript, recordsOf, responsesOf, shippedStream, sumUsage } from '../src/index.ts';

// What independent programs need in order to read this telemetry, each rule in our own words, applied to what the
// collector received from the demo. The programs are named so that a change can be checked against them.

// They are read with the GenAI conventions' names beside Codex's too, where each token still counts once.
describe.each([
  ['off', ''],
  ['attributes', 'gen_ai = "attributes"'],
])('with the GenAI conventions %s', (genAi, otelConfig) => {
  let collector: OtlpCollector;
  let responses: ReturnType<typeof responsesOf>;
  let turnResponses: ReturnType<typeof responsesOf>;

  beforeAll(async () => {
    collector = await startOtlpCollector({ grpc: false });
    await runDemo({ collector, paceMillis: 0, otelConfig });
    const script = await demoScript();
    const of = async (names: readonly string[]) => (await Promise.all(names.map(shippedStream))).flatMap(responsesOf);
    responses = await of(script.flatMap(({ streams }) => streams));
    turnResponses = await of(script.flatMap(({ kind, streams }) => (kind === 'prompt' ? streams : [])));
  });
  afterAll(() => collector.close());

  const RFC_3339_MILLIS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

  /** A count as the readers take it: a number, or a decimal string. */
  function count(attributes: PlainAttributes, key: string): number {
    const value = attributes[key];
    return typeof value === 'string' && /^\d+$/.test(value)
      ? Number(value)
      : typeof value === 'number'
        ? value
        : Number.NaN;
  }

  describe('langwatch', () => {
    /** It looks at spans of Codex's scopes only, and keeps turns and whatever has an attribute of `gen_ai.`. */
    const kept = () =>
      collector
        .spans()
        .filter(({ scope }) => scope.name === 'codex_cli_rs' || scope.name === 'codex_exec')
        .filter(
          ({ name, attributes }) =>
            name === 'session_task.turn' || Object.keys(attributes).some((key) => key.startsWith('gen_ai.')),
        );

    const inputTokens = ({ name, attributes }: ReceivedSpan) => {
      const key = name === 'session_task.turn' ? 'codex.turn.token_usage.input_tokens' : 'gen_ai.usage.input_tokens';
      return attributes[key] === undefined ? 0 : count(attributes, key);
    };

    it('keeps turns and responses, and no other span with usage', () => {
      const named = new Set(kept().map(({ name }) => name));
      const besides = genAi === 'off' ? [] : ['session_task.compact', 'handle_tool_call'];
      expect(named).toEqual(new Set(['session_task.turn', 'handle_responses', ...besides]));
      const withUsage = kept().filter(({ attributes }) => Object.keys(attributes).some((key) => /usage/.test(key)));
      expect(new Set(withUsage.map(({ name }) => name))).toEqual(new Set(['session_task.turn', 'handle_responses']));
      expect(kept().filter(({ name }) => name === 'handle_responses')).toHaveLength(responses.length);
    });

    it('counts a terminal session by its turns, skipping responses by name: every token once', () => {
      const counted = kept().filter(({ name }) => name !== 'handle_responses');
      expect(counted.reduce((sum, span) => sum + inputTokens(span), 0)).toBe(
        sumUsage(turnResponses.map(({ usage }) => usage)).inputTokens,
      );
    });

    it('counts a one-shot run by its responses, skipping turns that have usage: every token once', () => {
      const counted = kept().filter(({ name }) => name !== 'session_task.turn');
      expect(counted.reduce((sum, span) => sum + inputTokens(span), 0)).toBe(
        sumUsage(responses.map(({ usage }) => usage)).inputTokens,
      );
    });

    it('reads model, effort, turn and session of a turn', () => {
      for (const { attributes } of kept().filter(({ name }) => name === 'session_task.turn')) {
        expect(attributes).toMatchObject({
          model: 'gpt-5.1-codex',
          'codex.turn.reasoning_effort': 'medium',
          'turn.id': expect.any(String),
          'thread.id': expect.stringContaining('-'),
        });
        for (const kind of ['input', 'output', 'cached_input', 'cache_write_input', 'reasoning_output']) {
          expect(count(attributes, `codex.turn.token_usage.${kind}_tokens`)).toEqual(expect.any(Number));
        }
      }
    });

    it('finds no numeric thread.id anywhere', () => {
      const threads = collector.spans().flatMap(({ typedAttributes }) => typedAttributes);
      expect(threads.filter(({ key, value }) => key === 'thread.id' && value.kind !== 'string')).toEqual([]);
    });

    it('reads records that are named, timed and part of a session', () => {
      expect(collector.logRecords().length).toBeGreaterThan(0);
      for (const record of collector.logRecords()) {
        expect(record.attributes['event.name']).toMatch(/^codex\./);
        expect(record.attributes['conversation.id']).toMatch(/-/);
        expect(record.timeUnixNano).toBeGreaterThan(0n);
      }
    });

    it('reads tool runs and the time to the first token', () => {
      for (const { attributes } of recordsOf(collector.logRecords(), 'codex.tool_result')) {
        expect(attributes).toMatchObject({
          tool_name: 'shell',
          duration_ms: expect.stringMatching(/^\d+$/),
          success: expect.stringMatching(/^(true|false)$/),
          arguments: expect.any(String),
          output: expect.any(String),
        });
      }
      const turns = collector.spans().filter(({ name }) => name === 'session_task.turn');
      expect(recordsOf(collector.logRecords(), 'codex.turn_ttft').length).toBeGreaterThanOrEqual(turns.length);
    });
  });

  describe('terma', () => {
    it('gets all three signals', () => {
      expect(new Set(collector.requests().map(({ signal }) => signal))).toEqual(new Set(['traces', 'logs', 'metrics']));
    });

    it('gets the requests, exactly one usage record for each response, and the tools', () => {
      const records = collector.logRecords();
      expect(recordsOf(records, 'codex.api_request').length).toBeGreaterThanOrEqual(2);
      const usage = recordsOf(records, 'codex.sse_event').filter(({ attributes }) => 'input_token_count' in attributes);
      expect(usage).toHaveLength(responses.length);
      expect(
        recordsOf(records, 'codex.tool_decision').some(
          ({ attributes }) => attributes.decision === 'approved' && attributes.source === 'Config',
        ),
      ).toBe(true);
      for (const { attributes } of recordsOf(records, 'codex.user_prompt'))
        expect(attributes.prompt).toBe('[REDACTED]');
    });

    it('finds the conversation on every turn, and responses with usage in its trace', () => {
      const [conversation] = new Set(collector.logRecords().map(({ attributes }) => attributes['conversation.id']));
      const spans = collector.spans();
      for (const turn of spans.filter(({ name }) => name === 'session_task.turn')) {
        expect(turn.attributes['thread.id']).toBe(conversation);
        const inTrace = spans.filter(({ traceId, name }) => traceId === turn.traceId && name === 'handle_responses');
        expect(inTrace.some(({ attributes }) => 'gen_ai.usage.input_tokens' in attributes)).toBe(true);
      }
    });

    it('finds every parent, valid ids, and no span that ends before it starts or starts before its parent', () => {
      const spans = collector.spans();
      const starts = new Map(spans.map(({ spanId, startTimeUnixNano }) => [spanId, startTimeUnixNano]));
      for (const span of spans) {
        expect(span.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
        expect(span.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
        expect(span.endTimeUnixNano).toBeGreaterThanOrEqual(span.startTimeUnixNano);
        if (span.parentSpanId === undefined) continue;
        expect([...starts.keys()]).toContain(span.parentSpanId);
        expect(span.startTimeUnixNano).toBeGreaterThanOrEqual(starts.get(span.parentSpanId) ?? 0n);
      }
    });

    it('gets delta histograms with times and one bucket more than bounds', () => {
      const histograms = collector.metrics().filter((metric) => metric.kind === 'histogram');
      expect(histograms.length).toBeGreaterThan(0);
      for (const { temporality, points } of histograms) {
        expect(temporality).toBe('delta');
        for (const point of points) {
          expect(point.bucketCounts).toHaveLength(point.bounds.length + 1);
          expect(point.startTimeUnixNano).toBeGreaterThan(0n);
          expect(point.timeUnixNano).toBeGreaterThanOrEqual(point.startTimeUnixNano);
        }
      }
    });

    it('finds the session on its metrics', () => {
      const ofSession = collector.metrics().filter(({ name }) => /^codex\.(?!process)/.test(name));
      for (const { points } of ofSession) {
        for (const { attributes } of points) {
          expect(attributes).toMatchObject({
            auth_mode: 'ApiKey',
            originator: 'codex_cli_rs',
            session_source: 'cli',
            model: 'gpt-5.1-codex',
            'app.version': expect.any(String),
          });
        }
      }
    });

    it('gets RFC 3339 times', () => {
      for (const { attributes } of collector.logRecords())
        expect(attributes['event.timestamp']).toMatch(RFC_3339_MILLIS);
    });
  });

  describe('scion', () => {
    /** A usage record is the completed event without a duration; a completed event that failed has a message. */
    const usageRule = () =>
      recordsOf(collector.logRecords(), 'codex.sse_event').filter(
        ({ attributes }) => attributes['event.kind'] === 'response.completed' && attributes.duration_ms === undefined,
      );

    it('takes each response once, with counts that make sense', () => {
      expect(
        usageRule().map(({ attributes }) => [
          count(attributes, 'input_token_count'),
          count(attributes, 'cached_token_count'),
          count(attributes, 'output_token_count'),
          count(attributes, 'reasoning_token_count'),
        ]),
      ).toEqual(
        responses.map(({ usage }) => [
          usage.inputTokens,
          usage.cachedInputTokens,
          usage.outputTokens,
          usage.reasoningOutputTokens,
        ]),
      );
      for (const { attributes } of usageRule()) {
        expect(count(attributes, 'cached_token_count')).toBeLessThanOrEqual(count(attributes, 'input_token_count'));
        expect(attributes['error.message']).toBeUndefined();
      }
    });

    it('tells the frame of a completed response from its usage by the duration', () => {
      const frames = recordsOf(collector.logRecords(), 'codex.sse_event').filter(
        ({ attributes }) => attributes['event.kind'] === 'response.completed' && attributes.duration_ms !== undefined,
      );
      expect(frames).toHaveLength(responses.length);
      for (const { attributes } of frames) expect(attributes.input_token_count).toBeUndefined();
    });
  });

  describe('harness', () => {
    /** It looks for the thread under any spelling of these names. */
    const threadKeys = new Set(['threadid', 'conversationid', 'sessionid']);
    const threadOf = (attributes: PlainAttributes) =>
      Object.entries(attributes).find(([key]) => threadKeys.has(key.replace(/[._-]/g, '').toLowerCase()))?.[1];

    it('finds the thread of each record', () => {
      const threads = new Set(collector.logRecords().map(({ attributes }) => threadOf(attributes)));
      expect(threads.size).toBe(1);
      expect([...threads][0]).toEqual(expect.any(String));
    });

    it('sees a turn as running when the user prompts, and as done when its duration arrives', () => {
      const turns = collector.spans().filter(({ name }) => name === 'session_task.turn');
      expect(recordsOf(collector.logRecords(), 'codex.user_prompt')).toHaveLength(turns.length);
      const durations = collector.metrics().filter(({ name }) => name === 'codex.turn.e2e_duration_ms');
      expect(durations.length).toBeGreaterThan(0);
    });

    it('can summarise each kind of record', () => {
      const names = new Set(collector.logRecords().map(({ attributes }) => attributes['event.name']));
      for (const name of ['codex.api_request', 'codex.sse_event', 'codex.tool_decision', 'codex.tool_result']) {
        expect(names).toContain(name);
      }
      for (const { attributes } of recordsOf(collector.logRecords(), 'codex.sse_event')) {
        expect(attributes['event.kind']).toEqual(expect.any(String));
      }
    });
  });

  describe('stores that reconcile', () => {
    it('pair each usage record with the one response span of its trace that has the same numbers', () => {
      const spans = collector.spans().filter(({ attributes }) => 'gen_ai.usage.input_tokens' in attributes);
      const records = recordsOf(collector.logRecords(), 'codex.sse_event').filter(
        ({ attributes }) => 'input_token_count' in attributes,
      );
      expect(records).toHaveLength(spans.length);
      for (const { traceId, attributes } of records) {
        const partners = spans.filter(
          (span) =>
            span.traceId === traceId &&
            span.name === 'handle_responses' &&
            span.attributes['gen_ai.response.id'] === attributes['response.id'] &&
            span.attributes['gen_ai.usage.input_tokens'] === count(attributes, 'input_token_count') &&
            span.attributes['gen_ai.usage.output_tokens'] === count(attributes, 'output_token_count') &&
            span.attributes['gen_ai.usage.cache_read.input_tokens'] === attributes.cached_token_count,
        );
        expect(partners).toHaveLength(1);
      }
    });
  });

  describe('gram and the dashboards', () => {
    it('know the service by its name', () => {
      const names = [...collector.spans(), ...collector.logRecords(), ...collector.metrics()].map(
        ({ resource }) => resource.attributes['service.name'],
      );
      expect(new Set(names)).toEqual(new Set(['codex_cli_rs']));
    });

    it('find the metrics that they query, without a unit that would rename them', () => {
      const units = new Map(collector.metrics().map(({ name, unit }) => [name, unit]));
      expect(units.get('codex.turn.token_usage')).toMatch(/^(|\{.*\})$/);
      expect(units.get('codex.tool.call')).toBe('');
      expect(units.get('codex.turn.e2e_duration_ms')).toBe('ms');
      expect(units.get('codex.turn.ttft.duration_ms')).toBe('ms');
      expect(units.get('codex.api_request.duration_ms')).toBe('ms');
    });
  });
});

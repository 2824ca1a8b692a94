/** A value as OTLP JSON writes it. */
export function anyValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

export type TestAttributes = Readonly<Record<string, string | number | boolean>>;

export function attributes(given: TestAttributes): readonly object[] {
  return Object.entries(given).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** A span to be made, with times in milliseconds from the start of the test's own time. */
export interface TestSpan {
  readonly id: number;
  readonly parent?: number;
  readonly trace?: number;
  readonly name: string;
  readonly start?: number;
  readonly end?: number;
  readonly failed?: boolean;
  readonly attributes?: TestAttributes;
  readonly events?: readonly { readonly name: string; readonly at?: number; readonly attributes: TestAttributes }[];
}

export const TEST_START_MILLIS = 1_795_819_578_000;

export const spanId = (id: number): string => id.toString(16).padStart(16, '0');
export const traceId = (id = 1): string => id.toString(16).padStart(32, '0');
const nanos = (millis: number) => `${BigInt(Math.round((TEST_START_MILLIS + millis) * 1000))}000`;

/** A request with spans, as an exporter sends it. */
export function tracesRequest(spans: readonly TestSpan[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'codex_exec' }) },
        scopeSpans: [{ scope: { name: 'codex_exec' }, spans: spans.map(otlpSpan) }],
      },
    ],
  };
}

function otlpSpan(span: TestSpan): object {
  const { id, parent, trace, name, start = 0, end = start + 10, failed = false, events = [] } = span;
  return {
    traceId: traceId(trace),
    spanId: spanId(id),
    parentSpanId: parent === undefined ? '' : spanId(parent),
    name,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(end),
    attributes: attributes(span.attributes ?? {}),
    events: events.map((event) => ({
      name: event.name,
      timeUnixNano: nanos(event.at ?? start),
      attributes: attributes(event.attributes),
    })),
    status: failed ? { code: 2, message: 'it failed' } : { code: 0 },
  };
}

export interface TestLog {
  readonly name: string;
  readonly at?: number;
  readonly trace?: number;
  readonly span?: number;
  readonly attributes?: TestAttributes;
}

/** A request with log records, as an exporter sends it. */
export function logsRequest(records: readonly TestLog[]): object {
  const logRecords = records.map(({ name, at = 0, trace, span, attributes: given = {} }) => ({
    timeUnixNano: nanos(at),
    traceId: trace === undefined ? '' : traceId(trace),
    spanId: span === undefined ? '' : spanId(span),
    severityText: 'INFO',
    attributes: attributes({ 'event.name': name, ...given }),
  }));
  return { resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords }] }] };
}

export function usage(input: number, cached: number, output: number, reasoning: number): TestAttributes {
  return {
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.cache_read.input_tokens': cached,
    'gen_ai.usage.output_tokens': output,
    'codex.usage.reasoning_output_tokens': reasoning,
    'codex.usage.total_tokens': input + output,
  };
}

export function turnUsage(input: number, cached: number, output: number, reasoning: number): TestAttributes {
  const names = { input_tokens: input, cached_input_tokens: cached, output_tokens: output };
  const all = { ...names, reasoning_output_tokens: reasoning, total_tokens: input + output };
  return Object.fromEntries(Object.entries(all).map(([key, count]) => [`codex.turn.token_usage.${key}`, count]));
}

/** A turn with two responses, a tool between them, and a request that was refused first; 1,000 ms long. */
export function turnSpans(
  options: {
    readonly trace?: number;
    /** Id of the turn's span; the others follow. */
    readonly first?: number;
    readonly turn?: string;
    readonly session?: string;
  } = {},
): readonly TestSpan[] {
  const { trace = 1, first = 1, turn = 'turn-1', session = 'session-1' } = options;
  const at = (offset: number) => first + offset;
  const own = { trace };
  return [
    {
      ...own,
      id: at(1),
      parent: at(0),
      name: 'stream_request',
      start: 0,
      end: 40,
      failed: true,
      attributes: { attempt: 1, 'http.response.status_code': 503 },
    },
    {
      ...own,
      id: at(2),
      parent: at(0),
      name: 'stream_request',
      start: 100,
      end: 150,
      attributes: { attempt: 2, 'http.response.status_code': 200 },
    },
    {
      ...own,
      id: at(4),
      parent: at(3),
      name: 'handle_responses',
      start: 150,
      end: 180,
      attributes: { 'codex.response.event': 'created' },
    },
    {
      ...own,
      id: at(5),
      parent: at(3),
      name: 'handle_responses',
      start: 390,
      end: 400,
      attributes: { 'codex.response.event': 'completed', ...usage(5000, 4000, 100, 60) },
    },
    {
      ...own,
      id: at(3),
      parent: at(0),
      name: 'receiving_stream',
      start: 100,
      end: 400,
      attributes: { 'codex.stream.ttft_ms': 120 },
    },
    {
      ...own,
      id: at(6),
      parent: at(0),
      name: 'handle_tool_call',
      start: 400,
      end: 600,
      attributes: { tool_name: 'shell', call_id: 'call-1' },
    },
    {
      ...own,
      id: at(7),
      parent: at(0),
      name: 'stream_request',
      start: 600,
      end: 650,
      attributes: { attempt: 1, 'http.response.status_code': 200 },
    },
    {
      ...own,
      id: at(9),
      parent: at(8),
      name: 'handle_responses',
      start: 890,
      end: 900,
      attributes: { 'codex.response.event': 'completed', ...usage(5200, 5000, 50, 0) },
    },
    {
      ...own,
      id: at(8),
      parent: at(0),
      name: 'receiving_stream',
      start: 600,
      end: 900,
      attributes: { 'codex.stream.ttft_ms': 100 },
    },
    {
      ...own,
      id: at(0),
      name: 'session_task.turn',
      start: 0,
      end: 1000,
      attributes: {
        'thread.id': session,
        'turn.id': turn,
        model: 'gpt-test',
        'codex.turn.reasoning_effort': 'high',
        'codex.turn.outcome': 'completed',
        ...turnUsage(10_200, 9000, 150, 60),
      },
    },
  ];
}

import type { ReceivedLogRecord, ReceivedSpan } from '@codex-otel/otlp-collector';

/** A tool call, from its log record. */
export interface ToolFact {
  readonly tool: string;
  readonly success: boolean;
  readonly durationMillis: number;
}

/** A request to the model, from its log record. */
export interface ApiRequestFact {
  /** `none` if there was no answer. */
  readonly status: string;
  readonly success: boolean;
  readonly durationMillis: number;
}

/** Figures of a session from its log records and traces. The metrics must agree with them. */
export interface SessionFacts {
  readonly tools: readonly ToolFact[];
  readonly apiRequests: readonly ApiRequestFact[];
  /** Of each turn with a first token. */
  readonly firstTokenMillis: readonly number[];
  /** Where the time of the measured turns went, by component. */
  readonly componentMillis: Readonly<Record<string, number>>;
}

/** Reads the log records of a session, and the profiles of its turns. */
export function sessionFacts(records: readonly ReceivedLogRecord[], spans: readonly ReceivedSpan[]): SessionFacts {
  const named = (name: string) =>
    records.map(({ attributes }) => attributes).filter((attributes) => attributes['event.name'] === name);
  return {
    tools: named('codex.tool_result').map((attributes) => ({
      tool: String(attributes.tool_name),
      success: attributes.success === 'true',
      durationMillis: Number(attributes.duration_ms),
    })),
    apiRequests: named('codex.api_request').map((attributes) => ({
      status: String(attributes['http.response.status_code'] ?? 'none'),
      success: attributes['error.message'] === undefined,
      durationMillis: Number(attributes.duration_ms),
    })),
    firstTokenMillis: named('codex.turn_ttft').map((attributes) => Number(attributes.duration_ms)),
    componentMillis: componentMillis(spans),
  };
}

/** Where the time of the turns went, by component. */
export function componentMillis(spans: readonly ReceivedSpan[]): Readonly<Record<string, number>> {
  const totals = new Map<string, number>();
  const profiles = spans.flatMap(({ events }) => events.filter(({ name }) => name === 'codex.turn_profile'));
  for (const [key, value] of profiles.flatMap(({ attributes }) => Object.entries(attributes))) {
    const component = /^critical_path_(?!duration)(\w+)_ms$/.exec(key)?.[1];
    if (component !== undefined) totals.set(component, (totals.get(component) ?? 0) + Number(value));
  }
  return Object.fromEntries(totals);
}

import { afterEach, beforeEach, expect } from '@jest/globals';
import type { Context, HrTime } from '@opentelemetry/api';
import { diag, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { startSessionTurn } from '../../src/turn/recorded-turn.ts';
import type { SessionTurn, SessionTurnOptions } from '../../src/turn/session-turn.ts';
import type { TurnSession } from '../../src/turn/turn-session.ts';

/** One call of a session's method, and the span that it was made for. */
export interface SessionCall {
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly spanId: string | undefined;
}

/** A session that records its calls, with the spans of its turns. */
export interface FakeSession {
  readonly session: TurnSession;
  readonly provider: TracerProvider;
  readonly calls: readonly SessionCall[];
  readonly spans: () => readonly ReadableSpan[];
  /** The options of the calls of one method. */
  readonly told: (method: string) => readonly Readonly<Record<string, unknown>>[];
  readonly spansNamed: (name: string) => readonly ReadableSpan[];
  readonly startTurn: (options?: Partial<SessionTurnOptions>) => SessionTurn;
}

/**
 * What the telemetry could not do in a test. It reaches no agent, so that a test would not see it otherwise. A test that
 * makes such failures on purpose takes them out.
 */
export const reportedFailures: string[] = [];

beforeEach(() => {
  const ignore = () => undefined;
  const error = (message: string) => void reportedFailures.push(message);
  const logger = { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { suppressOverrideMessage: true });
});
afterEach(() => {
  diag.disable();
  expect(reportedFailures.splice(0)).toEqual([]);
});

export function fakeSession(): FakeSession {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const calls: SessionCall[] = [];
  const keep =
    (method: string) =>
    (options: object, context?: Context): void => {
      const spanId = context && trace.getSpanContext(context)?.spanId;
      calls.push({ method, options: { ...options }, spanId });
    };
  const keepMetric = (method: string) => (name: string, value: number, tags?: object) => {
    calls.push({ method, options: { name, value, tags: { ...tags } }, spanId: undefined });
  };
  const session: TurnSession = {
    conversationId: '01a09a08-5141-7cf0-8d2a-4c245a60c12b',
    model: 'gpt-5.6-sol',
    tracer: provider.getTracer('codex_cli_rs'),
    agentResponseLogger: () => ({ record: () => undefined }),
    genAiInferenceDetails: keep('genAiInferenceDetails'),
    logSseEvent: keep('logSseEvent'),
    sseEventFailed: keep('sseEventFailed'),
    sseEventCompleted: keep('sseEventCompleted'),
    sseEventCompletedFailed: keep('sseEventCompletedFailed'),
    recordWebsocketEvent: keep('recordWebsocketEvent'),
    recordTurnTtft: keep('recordTurnTtft'),
    recordTurnProfile: keep('recordTurnProfile'),
    recordTurnProgress: keep('recordTurnProgress'),
    recordRetry: keep('recordRetry'),
    toolDecision: keep('toolDecision'),
    recordToolCallReceived: keep('recordToolCallReceived'),
    recordToolResultReady: keep('recordToolResultReady'),
    async logToolResult(options, fn, context) {
      keep('logToolResult')(options, context);
      return await fn();
    },
    counter: keepMetric('counter'),
    histogram: keepMetric('histogram'),
    recordDuration: keepMetric('recordDuration'),
  };
  const spans = () => exporter.getFinishedSpans();
  return {
    session,
    provider,
    calls,
    spans,
    told: (method) => calls.filter((call) => call.method === method).map((call) => call.options),
    spansNamed: (name) => spans().filter((span) => span.name === name),
    startTurn: (options) => startSessionTurn(session, { turnId: 'turn-1', ...options }),
  };
}

/** A time of a span as one number. `HrTime` is an array, and `<` compares arrays as text. */
export function nanosOf([seconds, nanos]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

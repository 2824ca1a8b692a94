import type { MetricsSink, Tags } from '@codex-otel/metrics';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SessionMetadata } from '../src/index.ts';
import { SessionTelemetry } from '../src/index.ts';

export const metadata: SessionMetadata = {
  conversationId: '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
  model: 'gpt-5.1-codex',
  slug: 'gpt-5.1-codex-high',
  accountId: 'acct-1',
  accountEmail: 'engineer@example.com',
  authMode: 'Chatgpt',
  originator: 'codex_cli_rs',
  logUserPrompts: true,
  terminalType: 'xterm-256color',
  sessionSource: 'cli',
  appVersion: '0.158.0',
};

/** The session's attributes as they follow an event's own on a log record. */
export const logTail: Attributes = {
  'conversation.id': metadata.conversationId,
  'app.version': '0.158.0',
  auth_mode: 'Chatgpt',
  originator: 'codex_cli_rs',
  'user.account_id': 'acct-1',
  'user.email': 'engineer@example.com',
  'terminal.type': 'xterm-256color',
  model: 'gpt-5.1-codex',
  slug: 'gpt-5.1-codex-high',
};

/** The session's attributes as they follow an event's own on a span event. */
export const traceTail: Attributes = {
  'conversation.id': metadata.conversationId,
  'app.version': '0.158.0',
  auth_mode: 'Chatgpt',
  originator: 'codex_cli_rs',
  'terminal.type': 'xterm-256color',
  model: 'gpt-5.1-codex',
  slug: 'gpt-5.1-codex-high',
};

/** The session's tags on every metric. */
export const sessionTags: Tags = {
  auth_mode: 'Chatgpt',
  session_source: 'cli',
  originator: 'codex_cli_rs',
  model: 'gpt-5.1-codex',
  'app.version': '0.158.0',
};

export const authEnvOff: Attributes = {
  'auth.env_openai_api_key_present': false,
  'auth.env_codex_api_key_present': false,
  'auth.env_codex_api_key_enabled': false,
  'auth.env_refresh_token_url_override_present': false,
};

/** One call of a metrics sink. */
export interface RecordedMetric {
  readonly name: string;
  readonly value: number;
  readonly tags: Tags;
}

/** A metrics sink that records its calls. */
export interface RecordingMetrics extends MetricsSink {
  readonly calls: RecordedMetric[];
}

export function recordingMetrics(): RecordingMetrics {
  const calls: RecordedMetric[] = [];
  const note = (name: string, value: number, tags: Tags = {}) => void calls.push({ name, value, tags });
  return {
    calls,
    counter: note,
    histogram: note,
    recordDuration: note,
    startTimer: (name, base) => ({
      record: (tags) => note(name, 1, { ...tags, ...base }),
      [Symbol.dispose]: () => note(name, 1, base),
    }),
  };
}

/** A session whose telemetry stays in memory. */
export interface SessionFixture {
  readonly session: SessionTelemetry;
  readonly metrics: RecordingMetrics;
  readonly tracer: Tracer;
  /** An open span and the context that it is active in. */
  readonly span: Span;
  readonly context: Context;
  records(): readonly ReadableLogRecord[];
  /** Attributes of the log records, without their time. */
  logs(): readonly Attributes[];
  /** Attributes of the span's events, without their time. */
  events(): readonly Attributes[];
}

export function sessionFixture(changes: Partial<SessionMetadata> = {}): SessionFixture {
  const records = new InMemoryLogRecordExporter();
  const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: records })] });
  const spans = new InMemorySpanExporter();
  const tracers = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const tracer = tracers.getTracer('codex_cli_rs');
  const span = tracer.startSpan('root', {}, ROOT_CONTEXT);
  const metrics = recordingMetrics();
  const session = new SessionTelemetry(
    { ...metadata, ...changes },
    { logger: loggers.getLogger('codex_otel.log_only'), metrics },
  );
  return {
    session,
    metrics,
    tracer,
    span,
    context: trace.setSpan(ROOT_CONTEXT, span),
    records: () => records.getFinishedLogRecords(),
    logs: () => records.getFinishedLogRecords().map(({ attributes }) => withoutTime(attributes)),
    events: () => {
      span.end();
      return spans.getFinishedSpans().flatMap(({ events }) => events.map((event) => withoutTime(event.attributes)));
    },
  };
}

function withoutTime(attributes: object | undefined): Attributes {
  const entries = Object.entries(attributes ?? {}).filter(([key]) => key !== 'event.timestamp');
  return Object.fromEntries(entries);
}

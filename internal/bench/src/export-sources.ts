import { OTEL_LOG_ONLY_TARGET } from '@codex-otel/config';
import { createOtelProvider } from '@codex-otel/provider';
import type { Attributes, Logger, Tracer } from '@opentelemetry/api';
import { ROOT_CONTEXT, SeverityNumber } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { itemMark } from './export-mark.ts';

/** Something that makes items and sends them to a collector. */
export interface Source {
  emit(index: number): void;
  /** How many items were made and are neither sent nor dropped, as far as it is known. */
  waiting(): number;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** The names of all sources. */
export const sourceNames = ['ours logs', 'SDK logs', 'ours spans', 'SDK spans'] as const;
export type SourceName = (typeof sourceNames)[number];

/** Opens a source against the collector at `url`. */
export function openSource(name: SourceName, url: string, maxQueueSize?: number): Promise<Source> {
  switch (name) {
    case 'ours logs':
      return ours('logs', url);
    case 'ours spans':
      return ours('traces', url);
    case 'SDK logs':
      return sdkLogs(url, maxQueueSize);
    case 'SDK spans':
      return sdkSpans(url, maxQueueSize);
  }
}

function attributesOf(index: number): Attributes {
  return {
    'event.name': 'codex.sse_event',
    'event.kind': `response.event_${index % 12}`,
    duration_ms: '12',
    'event.timestamp': '2026-11-22T17:00:00.000Z',
    'conversation.id': '019a8c5e-0000-7000-8000-000000000000',
    'app.version': '1.2.3',
    auth_mode: 'Chatgpt',
    originator: 'codex_cli_rs',
    'user.account_id': 'account-1',
    'user.email': 'engineer@example.com',
    'terminal.type': 'xterm-256color',
    model: 'gpt-5.1-codex',
    slug: 'gpt-5.1-codex',
    success: true,
    [itemMark]: index,
  };
}

function emitRecord(logger: Logger, index: number): void {
  logger.emit({
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    eventName: 'codex.sse_event',
    attributes: attributesOf(index),
    context: ROOT_CONTEXT,
  });
}

function recordSpan(tracer: Tracer, index: number): void {
  tracer.startSpan('handle_responses', { attributes: attributesOf(index) }, ROOT_CONTEXT).end();
}

async function ours(signal: 'logs' | 'traces', url: string): Promise<Source> {
  const exporter = { kind: 'otlp-http', endpoint: `${url}/v1/${signal}`, protocol: 'binary' } as const;
  const none = { kind: 'none' } as const;
  const provider = await createOtelProvider(
    {
      environment: 'bench',
      serviceName: 'codex_cli_rs',
      serviceVersion: '1.2.3',
      codexHome: '/nonexistent',
      exporter: signal === 'logs' ? exporter : none,
      traceExporter: signal === 'traces' ? exporter : none,
      metricsExporter: none,
    },
    { env: {}, registerGlobals: false, handoverOnExit: false },
  );
  if (provider === undefined) throw new Error('no provider');
  const { logger, tracer } = provider;
  return {
    emit: signal === 'logs' ? (index) => emitRecord(logger, index) : (index) => recordSpan(tracer, index),
    waiting: () => provider.stats()[signal].queued,
    flush: () => provider.forceFlush({ timeoutMillis: 60_000 }),
    shutdown: () => provider.shutdown({ timeoutMillis: 60_000 }),
  };
}

const resource = resourceFromAttributes({ 'service.name': 'codex_cli_rs', 'service.version': '1.2.3', env: 'bench' });

async function sdkLogs(url: string, maxQueueSize?: number): Promise<Source> {
  const exporter = new OTLPLogExporter({ url: `${url}/v1/logs` });
  const count = counted(exporter);
  const processor = new BatchLogRecordProcessor({ exporter, ...(maxQueueSize === undefined ? {} : { maxQueueSize }) });
  const provider = new LoggerProvider({ resource, processors: [processor] });
  const logger = provider.getLogger(OTEL_LOG_ONLY_TARGET);
  return {
    emit: (index) => {
      count.made += 1;
      emitRecord(logger, index);
    },
    waiting: () => count.made - count.gone,
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
  };
}

async function sdkSpans(url: string, maxQueueSize?: number): Promise<Source> {
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
  const count = counted(exporter);
  const processor = new BatchSpanProcessor({ exporter, ...(maxQueueSize === undefined ? {} : { maxQueueSize }) });
  const provider = new TracerProvider({ resource, spanProcessors: [processor] });
  const tracer = provider.getTracer('codex_cli_rs');
  return {
    emit: (index) => {
      count.made += 1;
      recordSpan(tracer, index);
    },
    waiting: () => count.made - count.gone,
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
  };
}

/** Counts what an exporter is done with. */
function counted<Item, Result>(exporter: {
  export(items: Item[], done: (result: Result) => void): void;
}): { made: number; gone: number } {
  const count = { made: 0, gone: 0 };
  const exportItems = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    exportItems(items, (result) => {
      count.gone += items.length;
      done(result);
    });
  return count;
}

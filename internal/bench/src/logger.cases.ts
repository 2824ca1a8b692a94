import { OTEL_LOG_ONLY_TARGET } from '@codex-otel/config';
import type { OtelProvider } from '@codex-otel/provider';
import { createOtelProvider } from '@codex-otel/provider';
import type { Attributes, Logger } from '@opentelemetry/api';
import { ROOT_CONTEXT, SeverityNumber, TraceFlags, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { Operation, OperationCase } from './operations.ts';

/** How many attributes a record has: a stream event of a session, and its largest events. */
export const sizes = ['14', '20'] as const;
/** Whether the record stands in a span. */
export const places = ['no span', 'in a span'] as const;
export type Size = (typeof sizes)[number];
export type Place = (typeof places)[number];

/** The name of one case. */
export function caseName(implementation: 'ours' | 'sdk', size: Size, place: Place): string {
  return `${implementation}, ${size}, ${place}`;
}

/** Room for all records of a timed slice: dropping one is cheaper than keeping it. */
const maxQueueSize = 1_000_000;

const inSpan = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
});

/** The attributes of a `codex.sse_event`, made in the call as an agent's events are. */
function fourteen(index: number): Attributes {
  return {
    'event.name': 'codex.sse_event',
    'event.kind': kinds[index % kinds.length] ?? '',
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
  };
}

function twenty(index: number): Attributes {
  return {
    ...fourteen(index),
    input_token_count: '12000',
    output_token_count: '480',
    cached_token_count: 11_000,
    cache_write_token_count: 0,
    reasoning_token_count: 320,
    tool_token_count: '12480',
  };
}

const kinds = Array.from({ length: 12 }, (_, index) => `response.event_${index}`);
const attributesOf = { '14': fourteen, '20': twenty };

function emitting(logger: Logger, size: Size, place: Place): (index: number) => void {
  const attributes = attributesOf[size];
  const context = place === 'in a span' ? inSpan : ROOT_CONTEXT;
  return (index) =>
    logger.emit({
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      eventName: 'codex.sse_event',
      attributes: attributes(index),
      context,
    });
}

/** Our logger with its real outlet, which is replaced by a new one between the timed slices. */
async function ours(size: Size, place: Place): Promise<Operation> {
  let provider = await openProvider();
  let emit = emitting(provider.logger, size, place);
  return {
    run: (index) => emit(index),
    between: async () => {
      await provider.shutdown({ timeoutMillis: 0 }).catch(() => {});
      provider = await openProvider();
      emit = emitting(provider.logger, size, place);
    },
  };
}

async function openProvider(): Promise<OtelProvider> {
  const provider = await createOtelProvider(
    {
      environment: 'bench',
      serviceName: 'codex_cli_rs',
      serviceVersion: '1.2.3',
      codexHome: '/nonexistent',
      exporter: { kind: 'otlp-http', endpoint: 'http://127.0.0.1:9', protocol: 'binary' },
      traceExporter: { kind: 'none' },
      metricsExporter: { kind: 'none' },
      logBatch: { maxQueueSize },
    },
    { env: {}, registerGlobals: false, handoverOnExit: false, uploaderCommand: [] },
  );
  if (provider === undefined) throw new Error('no provider');
  return provider;
}

/** The SDK's logger and batch processor before an exporter that does nothing. */
function sdk(size: Size, place: Place): Operation {
  const processor = new BatchLogRecordProcessor({
    exporter: { export: (_records, done) => done({ code: 0 }), forceFlush: async () => {}, shutdown: async () => {} },
    maxQueueSize,
  });
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'codex_cli_rs' }),
    processors: [processor],
  });
  return {
    run: emitting(provider.getLogger(OTEL_LOG_ONLY_TARGET), size, place),
    between: () => processor.forceFlush(),
  };
}

export const cases: Readonly<Record<string, OperationCase>> = Object.fromEntries(
  sizes.flatMap((size) =>
    places.flatMap((place): [string, OperationCase][] => [
      [caseName('ours', size, place), () => ours(size, place)],
      [caseName('sdk', size, place), () => sdk(size, place)],
    ]),
  ),
);

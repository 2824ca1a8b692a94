import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OtelSettings } from '@codex-otel/config';
import { createMetricsClient } from '@codex-otel/metrics';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import type { Logger, Meter } from '@opentelemetry/api';
import { createNoopLogger, createNoopMeter, ValueType } from '@opentelemetry/api';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { oursClient, sdkMeter } from './metrics.cases.ts';
import type { Operation, OperationCase } from './operations.ts';

const kinds = Array.from({ length: 12 }, (_, index) => `response.event_${index}`);
const events = kinds.map((type) => ({ type }));
const kindOf = (index: number): string => kinds[index % kinds.length] ?? '';

const conversationId = '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1';

function session(sinks: ConstructorParameters<typeof SessionTelemetry>[1]): SessionTelemetry {
  return new SessionTelemetry(
    {
      conversationId,
      model: 'gpt-5.1-codex',
      slug: 'gpt-5.1-codex-high',
      accountId: 'account-1',
      accountEmail: 'somebody@example.com',
      authMode: 'Chatgpt',
      originator: 'codex_cli_rs',
      terminalType: 'xterm-256color',
      sessionSource: 'cli',
      appVersion: '0.154.0',
    },
    sinks,
  ).withMetricsServiceName('codex_cli_rs');
}

/** One stream event through the session. */
function throughSession(telemetry: SessionTelemetry): (index: number) => void {
  return (index) => telemetry.logSseEvent({ event: events[index % events.length], durationMillis: index % 500 });
}

/** The same counter, histogram and log record, by hand on the API. */
function byHand(meter: Meter, logger: Logger): (index: number) => void {
  const counter = meter.createCounter('codex.sse_event', { valueType: ValueType.INT });
  const histogram = meter.createHistogram('codex.sse_event.duration_ms', { unit: 'ms' });
  const tags = (kind: string) => ({
    auth_mode: 'Chatgpt',
    session_source: 'cli',
    originator: 'codex_cli_rs',
    service_name: 'codex_cli_rs',
    model: 'gpt-5.1-codex',
    'app.version': '0.154.0',
    kind,
    success: 'true',
  });
  return (index) => {
    const kind = kindOf(index);
    const durationMillis = index % 500;
    counter.add(1, tags(kind));
    histogram.record(durationMillis, tags(kind));
    logger.emit({
      eventName: 'codex.sse_event',
      severityNumber: 9,
      severityText: 'INFO',
      attributes: {
        'event.name': 'codex.sse_event',
        'event.kind': kind,
        duration_ms: String(durationMillis),
        'event.timestamp': '2026-09-29T03:59:22.708Z',
        'conversation.id': conversationId,
        'app.version': '0.154.0',
        auth_mode: 'Chatgpt',
        originator: 'codex_cli_rs',
        'user.account_id': 'account-1',
        'user.email': 'somebody@example.com',
        'terminal.type': 'xterm-256color',
        model: 'gpt-5.1-codex',
        slug: 'gpt-5.1-codex-high',
      },
    });
  };
}

function sdkLogs(): LoggerProvider {
  const exporter: LogRecordExporter = {
    export: (_records, done) => done({ code: 0 }),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  return new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
}

/** All cases, for measureOperations. */
export const cases: {
  readonly [name in
    | 'SDK by hand'
    | 'own providers'
    | 'host’s providers'
    | 'API no-op by hand'
    | 'off: no sinks'
    | 'off: no-op logger']: OperationCase;
} = {
  'SDK by hand': () => {
    const logs = sdkLogs();
    return { run: byHand(sdkMeter().meter, logs.getLogger('codex_otel.log_only')), between: () => logs.forceFlush() };
  },
  'own providers': async (): Promise<Operation> => {
    const collector = createServer((request, response) => request.resume().on('end', () => response.end()));
    await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
    const { port } = collector.address() as AddressInfo; // a TCP server's
    const settings: OtelSettings = {
      environment: 'bench',
      serviceName: 'codex_cli_rs',
      serviceVersion: '0.154.0',
      codexHome: '/nonexistent',
      exporter: { kind: 'otlp-http', endpoint: `http://127.0.0.1:${port}`, protocol: 'binary' },
      traceExporter: { kind: 'none' },
      metricsExporter: { kind: 'none' },
    };
    const provider = await createOtelProvider(settings, { env: {}, registerGlobals: false });
    if (provider === undefined) throw new Error('the provider is off');
    const run = throughSession(session({ logger: provider.logger, metrics: await oursClient() }));
    return { run, between: () => provider.forceFlush({ timeoutMillis: 120_000 }) };
  },
  'host’s providers': async (): Promise<Operation> => {
    const logs = sdkLogs();
    const metrics = await createMetricsClient({ meterProvider: sdkMeter().provider });
    const run = throughSession(session({ logger: logs.getLogger('codex_otel.log_only'), metrics }));
    return { run, between: () => logs.forceFlush() };
  },
  'API no-op by hand': () => byHand(createNoopMeter(), createNoopLogger()),
  'off: no sinks': () => throughSession(session({})),
  'off: no-op logger': () => throughSession(session({ logger: createNoopLogger() })),
};

import { tmpdir } from 'node:os';
import { parseOtelConfig } from '@codex-otel/config';
import type { OtlpCollector, ReceivedLogRecord, ReceivedMetric, ReceivedSpan } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { OtelProvider } from '@codex-otel/provider';
import { createOtelProvider } from '@codex-otel/provider';
import type { SessionTurn, SessionTurnOptions } from '@codex-otel/session-telemetry';
import { SessionTelemetry, sessionOptionsFromSettings } from '@codex-otel/session-telemetry';

/** What a session sent, as the collector has it. */
export interface Received {
  readonly spans: readonly ReceivedSpan[];
  readonly logRecords: readonly ReceivedLogRecord[];
  readonly metrics: readonly ReceivedMetric[];
}

/** A full install on its way to a collector. */
export interface Pipeline {
  readonly telemetry: SessionTelemetry;
  readonly provider: OtelProvider;
  readonly collector: OtlpCollector;
  startTurn(options?: Partial<SessionTurnOptions>): SessionTurn;
  /** Shuts the provider down; gives what arrived. */
  finish(): Promise<Received>;
}

const THREAD_ID = '0199a213-81c0-7800-8aa1-bbab2a035a53';
export const MODEL = 'gpt-5.1-codex';

/** Starts a collector and a session that reports to it; nothing becomes process-wide. */
export async function startPipeline(
  options: { readonly protocol?: 'binary' | 'json' | 'grpc' } = {},
): Promise<Pipeline> {
  const { protocol = 'binary' } = options;
  const collector = await startOtlpCollector({ grpc: protocol === 'grpc' });
  const exporter =
    protocol === 'grpc'
      ? `{ otlp-grpc = { endpoint = "${collector.grpcUrl}" } }`
      : `{ otlp-http = { endpoint = "${collector.httpUrl}", protocol = "${protocol}" } }`;
  const settings = await parseOtelConfig(
    `[otel]\nenvironment = "test"\nexporter = ${exporter}\ntrace_exporter = ${exporter}\nmetrics_exporter = ${exporter}`,
    { codexHome: tmpdir(), env: {}, serviceName: 'codex_cli_rs', serviceVersion: '1.2.3' },
  );
  const provider = await createOtelProvider(settings, { env: {}, registerGlobals: false });
  if (provider === undefined) throw new Error('the settings name exporters, so there must be a provider');
  const telemetry = new SessionTelemetry(
    {
      ...sessionOptionsFromSettings(settings),
      conversationId: THREAD_ID,
      model: MODEL,
      slug: MODEL,
      authMode: 'ApiKey',
      originator: 'codex_cli_rs',
      terminalType: 'test',
      sessionSource: 'cli',
    },
    { logger: provider.logger, metrics: provider.metrics, tracer: provider.tracer },
  );
  let turns = 0;
  return {
    telemetry,
    provider,
    collector,
    startTurn(turnOptions) {
      turns += 1;
      return telemetry.startTurn({ turnId: `turn-${turns}`, ...turnOptions });
    },
    async finish() {
      await provider.shutdown({ timeoutMillis: 60_000 });
      const received = {
        spans: collector.spans(),
        logRecords: collector.logRecords(),
        metrics: collector.metrics(),
      };
      await collector.close();
      return received;
    },
  };
}

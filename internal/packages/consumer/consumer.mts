import type { OtelSettings } from '@codex-otel/config';
import { loadOtelSettings } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import { createMetricsClient } from '@codex-otel/metrics';
import type { OtelProvider } from '@codex-otel/provider';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import type { Turn } from '@codex-otel/token-usage';
import { startTurn } from '@codex-otel/token-usage';
import type { W3cTraceContext } from '@codex-otel/trace-context';
import { extractW3cTraceHeaders } from '@codex-otel/trace-context';

export async function start(): Promise<OtelProvider | undefined> {
  const settings: OtelSettings = await loadOtelSettings({ serviceName: 'consumer', serviceVersion: '1.0.0' });
  return createOtelProvider(settings);
}

export function sessionOn(provider: OtelProvider | undefined): SessionTelemetry {
  const who = {
    conversationId: 'thread-1',
    originator: 'consumer',
    terminalType: 'none',
    sessionSource: 'cli',
  } as const;
  return new SessionTelemetry({ ...who, model: 'm', slug: 'm', appVersion: '1.0.0' }, provider);
}

export function metrics(): Promise<MetricsClient> {
  return createMetricsClient({
    environment: 'test',
    serviceName: 'consumer',
    serviceVersion: '1.0.0',
    exporter: { kind: 'none' },
  });
}

export function turnOf(headers: Record<string, string | undefined>): readonly [Turn, W3cTraceContext | undefined] {
  return [startTurn({ threadId: 'thread-1', turnId: 'turn-1', model: 'm' }), extractW3cTraceHeaders(headers)];
}

// @ts-expect-error: a turn has a model
startTurn({ threadId: 'thread-1', turnId: 'turn-1' });

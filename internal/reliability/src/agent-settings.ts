import type { OtelExporter, OtelSettings, SpoolSettings } from '@codex-otel/config';

/** The ways to speak OTLP. */
export type AgentProtocol = 'http/protobuf' | 'http/json' | 'grpc';

/** What differs between the agents of the experiments. */
export interface AgentConnection {
  readonly protocol: AgentProtocol;
  /** Base address of the collector. */
  readonly url: string;
  readonly caFile?: string | undefined;
  readonly spool?: SpoolSettings | undefined;
}

/** Settings with short delays, so that an experiment sees in a second what takes a minute in an agent. */
export function agentSettings({ protocol, url, caFile, spool }: AgentConnection): OtelSettings {
  const exporter = (signal: string): OtelExporter => {
    const tls = caFile === undefined ? undefined : { caCertificate: caFile };
    return protocol === 'grpc'
      ? { kind: 'otlp-grpc', endpoint: url, tls }
      : {
          kind: 'otlp-http',
          endpoint: `${url}/v1/${signal}`,
          protocol: protocol === 'http/json' ? 'json' : 'binary',
          tls,
        };
  };
  return {
    environment: 'test',
    serviceName: 'codex_cli_rs',
    serviceVersion: '1.0.0',
    codexHome: '/nowhere',
    traceExporter: exporter('traces'),
    exporter: exporter('logs'),
    metricsExporter: exporter('metrics'),
    traceBatch: { scheduledDelayMillis: 50 },
    logBatch: { scheduledDelayMillis: 50 },
    metricExportIntervalMillis: 100,
    spool,
  };
}

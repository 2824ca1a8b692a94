// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';

let session;

export async function setUp(url, logSseDeltas) {
  const exporter = { kind: 'otlp-http', endpoint: url, protocol: 'binary' };
  const provider = await createOtelProvider({
    environment: 'bench',
    serviceName: 'peer',
    serviceVersion: '1',
    codexHome: '/nonexistent',
    exporter,
    traceExporter: exporter,
    metricsExporter: exporter,
  });
  const { logger, metrics, tracer } = provider;
  session = new SessionTelemetry(
    {
      conversationId: '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      model: 'gpt-5.1-codex',
      slug: 'gpt-5.1-codex-high',
      originator: 'codex_cli_rs',
      terminalType: 'xterm-256color',
      sessionSource: 'cli',
      appVersion: '0.154.0',
      logSseDeltas,
    },
    { logger, metrics, tracer },
  );
}

export async function observe(mark, answer, read) {
  const turn = session.startTurn({ turnId: mark });
  await read(turn.observeResponse(answer()));
  turn.end();
}

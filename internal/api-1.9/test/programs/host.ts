// A host that has registered with the API 1.9 and an SDK 2.x, and then uses what the arguments name, each twice.
import { parseOtelConfig } from '@codex-otel/config';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import { context, DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';

const used = process.argv.slice(2);
if (used.includes('diag')) {
  const tell = (message: string): void => console.log(message);
  const ignore = (): void => undefined;
  diag.setLogger({ error: tell, warn: tell, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.ALL);
}
trace.setGlobalTracerProvider(new TracerProvider());
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

for (let time = 0; time < 2; time++) {
  if (used.includes('session')) {
    const who = { conversationId: 'thread-1', originator: 'host', terminalType: 'xterm', sessionSource: 'cli' };
    new SessionTelemetry({ ...who, model: 'm', slug: 'm', appVersion: '1' }).userPrompt([]);
  }
  if (used.includes('provider')) {
    const exporter = { 'otlp-http': { endpoint: 'http://127.0.0.1:9', protocol: 'binary' } };
    const options = { codexHome: '/nonexistent', env: {}, serviceName: 'host', serviceVersion: '1' };
    const settings = await parseOtelConfig({ otel: { trace_exporter: exporter } }, options);
    const provider = await createOtelProvider(settings, {
      registerGlobals: !used.includes('alone'),
      handoverOnExit: false,
    });
    await provider?.shutdown({ timeoutMillis: 60_000 });
  }
}

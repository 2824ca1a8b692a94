// OpenTelemetry's NodeSDK with its defaults: three signals over OTLP/HTTP.
import { logs, metrics, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';

process.env.OTEL_METRICS_EXPORTER = 'otlp';
const sdk = new NodeSDK({ serviceName: 'codex_cli_rs' });
sdk.start();
trace.getTracer('codex_cli_rs').startSpan('session_task.turn').end();
logs.getLogger('codex_otel.log_only').emit({ severityNumber: 9, attributes: { 'event.name': 'codex.user_prompt' } });
metrics.getMeter('codex').createCounter('codex.turn').add(1);
console.log('ready');
process.exit(0);

// OpenTelemetry's API without an SDK: the minimum of any instrumented program.
import { logs, metrics, ROOT_CONTEXT, SeverityNumber, trace } from '@opentelemetry/api';

trace.getTracer('codex_cli_rs').startSpan('session_task.turn', {}, ROOT_CONTEXT).end();
logs.getLogger('codex_otel.log_only').emit({ severityNumber: SeverityNumber.INFO });
metrics.getMeter('codex').createCounter('codex.turn').add(1);
console.log('ready');
process.exit(0);

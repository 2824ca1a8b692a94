// An agent that records one item of each signal and ends without waiting; argv: JSON of what to do.
import { createOtelProvider } from '@codex-otel/provider';

const { url, protocol, ending, handoverOnExit, timeoutMillis, spool } = JSON.parse(process.argv[2]);
const exporter = (signal) =>
  protocol === 'grpc'
    ? { kind: 'otlp-grpc', endpoint: url }
    : { kind: 'otlp-http', endpoint: `${url}/v1/${signal}`, protocol: protocol === 'http/json' ? 'json' : 'binary' };
const provider = await createOtelProvider(
  {
    environment: 'test',
    serviceName: 'codex_cli_rs',
    serviceVersion: '1.0.0',
    codexHome: '/nowhere',
    traceExporter: exporter('traces'),
    exporter: exporter('logs'),
    metricsExporter: exporter('metrics'),
    spool,
  },
  { handoverOnExit },
);
provider.tracer.startSpan('session_task.turn').end();
provider.logger.emit({ eventName: 'codex.user_prompt', attributes: { 'event.name': 'codex.user_prompt' } });
provider.metrics.counter('codex.thread.started', 1, { is_git: 'true' });

switch (ending) {
  case 'exit':
    process.exit(3);
    break;
  case 'throw':
    throw new Error('uncaught');
  case 'signal':
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => {}, 60_000);
    break;
  case 'on-process-exit': {
    const before = performance.now();
    provider.shutdownOnProcessExit();
    process.stdout.write(JSON.stringify({ heldMillis: performance.now() - before, stats: provider.stats() }));
    process.exit(0);
    break;
  }
  case 'shutdown': {
    const before = performance.now();
    const error = await provider.shutdown({ timeoutMillis }).catch((caught) => caught);
    const elapsedMillis = performance.now() - before;
    process.stdout.write(JSON.stringify({ code: error?.code, elapsedMillis, signals: error?.signals }));
    break;
  }
  case 'stay':
    setTimeout(() => process.exit(0), 1500);
    break;
  default:
    // Nothing: the event loop is empty now.
    break;
}

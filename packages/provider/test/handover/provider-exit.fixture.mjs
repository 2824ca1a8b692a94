// An agent that records one item of each signal and ends without waiting; argv: JSON of what to do.
import { readdirSync } from 'node:fs';
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
    provider.shutdownOnProcessExit();
    process.stdout.write(JSON.stringify({ stats: provider.stats() }));
    process.exit(0);
    break;
  }
  case 'shutdown': {
    const error = await provider.shutdown({ timeoutMillis }).catch((caught) => caught);
    process.stdout.write(JSON.stringify({ code: error?.code, signals: error?.signals }));
    break;
  }
  case 'stay':
    // Until what an earlier process left behind is sent.
    setInterval(() => {
      if (!readdirSync(spool.directory).some((name) => name.endsWith('.batch'))) process.exit(0);
    }, 20);
    break;
  default:
    // Nothing: the event loop is empty now.
    break;
}

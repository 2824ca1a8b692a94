// A host that runs OpenTelemetry's NodeSDK with instrumentations of its own: one agent turn with two model requests.
import { createRequire } from 'node:module';
import { codexNodeSdkConfiguration } from '@codex-otel/provider/node-sdk';
import { logs, metrics, trace } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

const [, , endpoint, model, protocol] = process.argv;
const exporter =
  protocol === 'grpc' ? { kind: 'otlp-grpc', endpoint } : { kind: 'otlp-http', endpoint, protocol: 'binary' };
const sdk = new NodeSDK({
  ...(await codexNodeSdkConfiguration(
    {
      environment: 'test',
      serviceName: 'host',
      serviceVersion: '1',
      codexHome: '/nonexistent',
      exporter,
      traceExporter: exporter,
      metricsExporter: exporter,
      spanAttributes: { team: 'a' },
      tracestate: { example: { alpha: 'one' } },
    },
    { hostName: 'host-1' },
  )),
  instrumentations: [new UndiciInstrumentation(), new HttpInstrumentation()],
});
sdk.start();
// Instrumentation is in what is required after the start.
const { request } = createRequire(import.meta.url)('node:http');

await trace.getTracer('host').startActiveSpan('session_task.turn', async (turn) => {
  await (await fetch(model)).text();
  await new Promise((resolve, reject) => {
    request(model, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
  turn.addEvent('codex.user_prompt', { target: 'codex_otel.trace_safe' });
  turn.recordException(new Error('secret'));
  logs.getLogger('codex_otel.log_only').emit({ eventName: 'codex.user_prompt', attributes: { a: 1 } });
  logs.getLogger('other-library').emit({ body: 'secret' });
  metrics.getMeter('codex').createCounter('codex.turn').add(1);
  turn.end();
});
await sdk.shutdown();

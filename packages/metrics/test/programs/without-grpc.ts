// Asks for OTLP over gRPC where its packages are not installed, and prints the error.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === '@grpc/grpc-js') throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });
    return nextResolve(specifier, context);
  },
});

const { createMetricsClient, isMetricsError } = await import('@codex-otel/metrics');
try {
  await createMetricsClient({
    environment: 'test',
    serviceName: 'codex_exec',
    serviceVersion: '1.2.3',
    exporter: { kind: 'otlp-grpc', endpoint: 'http://127.0.0.1:4317' },
  });
} catch (error) {
  console.log(JSON.stringify(isMetricsError(error) ? { code: error.code, message: error.message } : String(error)));
}

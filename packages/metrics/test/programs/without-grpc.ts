// Asks for OTLP over gRPC where its packages are not installed, and prints the error.
import module from 'node:module';

// `registerHooks` does not see `require.resolve` on Node 22.15.
const resolver = module as unknown as { _resolveFilename(request: string, ...more: readonly unknown[]): string };
const resolve = resolver._resolveFilename;
resolver._resolveFilename = (request, ...more) => {
  if (request === '@grpc/grpc-js') throw Object.assign(new Error('not found'), { code: 'MODULE_NOT_FOUND' });
  return resolve(request, ...more);
};

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

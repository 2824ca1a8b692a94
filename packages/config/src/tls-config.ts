import type { OtelConfigProblem } from './otel-config-error.ts';
import type { OtelExporter } from './otel-exporter.ts';

/** Problems of an exporter's TLS settings that show before a file is read. */
export function tlsProblems(exporter: OtelExporter, path: string): OtelConfigProblem[] {
  if ((exporter.kind !== 'otlp-http' && exporter.kind !== 'otlp-grpc') || exporter.tls === undefined) return [];
  const { clientCertificate, clientPrivateKey } = exporter.tls;
  const table = `${path}.${exporter.kind}.tls`;
  if ((clientCertificate === undefined) !== (clientPrivateKey === undefined)) {
    const [given, missing] =
      clientCertificate === undefined
        ? ['client-private-key', 'client-certificate']
        : ['client-certificate', 'client-private-key'];
    return [{ path: `${table}.${missing}`, message: `missing: found only ${given}, both are needed for mutual TLS` }];
  }
  if (clientCertificate !== undefined && exporter.kind === 'otlp-http' && /^http:/i.test(exporter.endpoint)) {
    const message = 'found http://, expected https://: a client certificate is never used over plain http';
    return [{ path: `${path}.${exporter.kind}.endpoint`, message }];
  }
  return [];
}

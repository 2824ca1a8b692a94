import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts, startServer } from './server-process.ts';

/** A running Jaeger that keeps traces in memory. */
export interface Jaeger {
  /** Where OTLP over HTTP goes, without path. */
  readonly endpoint: string;
  /** Waits for a trace with a span of this name. @returns its id. @throws after ten seconds without one. */
  waitForTrace(service: string, span: string): Promise<string>;
  stop(): Promise<void>;
}

const WAIT_MILLIS = 10_000;

/** Starts Jaeger on free ports. */
export async function startJaeger(file: string, folder: string): Promise<Jaeger> {
  const [otlp = 0, query = 0, grpc = 0] = await freePorts(3);
  const config = path.join(folder, 'jaeger.yaml');
  const lines = [
    'extensions:',
    '  jaeger_storage: { backends: { memory: { memory: { max_traces: 1000 } } } }',
    `  jaeger_query: { storage: { traces: memory }, http: { endpoint: "127.0.0.1:${query}" }, grpc: { endpoint: "127.0.0.1:${grpc}" } }`,
    `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${otlp}" } } } }`,
    'exporters: { jaeger_storage_exporter: { trace_storage: memory } }',
    'service:',
    '  extensions: [jaeger_storage, jaeger_query]',
    '  telemetry: { metrics: { level: none } }',
    '  pipelines: { traces: { receivers: [otlp], exporters: [jaeger_storage_exporter] } }',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const api = `http://127.0.0.1:${query}/api`;
  const server = await startServer(file, [`--config=${config}`], `${api}/services`);
  return {
    endpoint: `http://127.0.0.1:${otlp}`,
    async waitForTrace(service, span) {
      const deadline = performance.now() + WAIT_MILLIS;
      const search = new URLSearchParams({ service, operation: span, limit: '1' });
      while (performance.now() < deadline) {
        const response = await fetch(`${api}/traces?${search}`);
        const answer: { readonly data: readonly { readonly traceID: string }[] | null } = JSON.parse(
          await response.text(),
        );
        const id = answer.data?.[0]?.traceID;
        if (id !== undefined) return id;
        await wait(100);
      }
      throw new Error(`Jaeger has no trace of ${service} with a span ${span}`);
    },
    stop: () => server.stop(),
  };
}

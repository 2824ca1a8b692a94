import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createModelServer } from './model-server.ts';

/** Runs the service against an OTLP/gRPC endpoint, asks it one question, and ends it. */
export async function runExample(endpoint: string, question: string): Promise<string> {
  const model = createModelServer();
  const service = spawn(process.execPath, serviceArguments(), {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, MODEL_URL: await listening(model) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(service, 'exit');
  try {
    const [url] = await Promise.race([once(createInterface(service.stdout), 'line'), ended]);
    if (typeof url !== 'string') throw new Error(`the service ended with exit code ${url}`);
    const response = await fetch(url, { method: 'POST', body: question });
    return await response.text();
  } finally {
    service.kill('SIGTERM');
    await ended;
    model.close();
    model.closeAllConnections();
  }
}

/** Runs on the packages' sources, and loads the host's instrumentation first. */
function serviceArguments(): readonly string[] {
  const file = (name: string): string => new URL(name, import.meta.url).href;
  // Older versions of Node need a flag to strip types.
  const strip = process.features.typescript === 'strip' ? [] : ['--experimental-strip-types'];
  const flags = [...strip, '--no-warnings', '--conditions=@codex-otel/source'];
  return [...flags, '--import', file('instrumentation.ts'), fileURLToPath(file('service.ts'))];
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/responses`;
}

// An agent that records one turn and ends in a way of its own; the last argument is JSON of what to do. It runs from the
// built packages and from a bundle alike, on each runtime.
import { writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { parseOtelConfig } from '@codex-otel/config';
import { createOtelProvider, thisProgram } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import { DiagLogLevel, diag } from '@opentelemetry/api';

const uploadFlag = '--upload-telemetry';
const grpc = () => import('@grpc/grpc-js');

async function main() {
  if (process.argv.includes(uploadFlag)) {
    const { runUploader } = await import('@codex-otel/provider/uploader');
    await runUploader({ grpc });
    process.exit(0);
  }
  const { protocol, url, ending, isOwnUploader, folder, spool, ca } = JSON.parse(process.argv.at(-1));
  if (ending.startsWith("a worker's") && isMainThread) {
    const worker = new Worker(process.argv[1], { argv: process.argv.slice(2) });
    worker.on('message', () => void worker.terminate());
    return;
  }
  const said = [];
  const say = (message) => said.push(message);
  diag.setLogger({ error: say, warn: say, info() {}, debug() {}, verbose() {} }, { logLevel: DiagLogLevel.WARN });
  const tls = ca === undefined ? '' : `, tls = { ca-certificate = '${ca}' }`;
  const exporter = (signal) =>
    protocol === 'grpc'
      ? `{ otlp-grpc = { endpoint = "${url}"${tls} } }`
      : `{ otlp-http = { endpoint = "${url}/v1/${signal}", protocol = "${protocol === 'http/json' ? 'json' : 'binary'}"${tls} } }`;
  const settings = await parseOtelConfig(
    `[otel]
    trace_exporter = ${exporter('traces')}
    exporter = ${exporter('logs')}
    metrics_exporter = ${exporter('metrics')}
    ${spool ? '[otel.spool]\n' : ''}`,
    { codexHome: folder, serviceName: 'codex_cli_rs', serviceVersion: '1.0.0' },
  );
  const provider = await createOtelProvider(settings, {
    grpc,
    ...(isOwnUploader && { uploaderCommand: thisProgram(uploadFlag) }),
  });
  if (ending !== 'deliver') {
    const session = new SessionTelemetry(
      { conversationId: '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1', model: 'gpt-5.1-codex', slug: 'gpt-5.1-codex' },
      { logger: provider.logger, tracer: provider.tracer, metrics: provider.metrics },
    );
    session.userPrompt([{ type: 'text', text: 'hello' }]);
    session.startTurn({ turnId: 'turn-1' }).end();
  }
  writeSync(1, `${JSON.stringify({ said })}\n`);

  switch (ending) {
    case 'shutdown':
      await provider.shutdown({ timeoutMillis: 60_000 });
      break;
    case 'shutdown with 0 ms':
      await provider.shutdown({ timeoutMillis: 0 }).catch(() => {});
      break;
    case 'process.exit':
    case 'process.exit, into the spool':
    case "a worker's process.exit":
      process.exit(3);
      break;
    case 'uncaught exception':
      setTimeout(() => {
        throw new Error('uncaught');
      });
      break;
    case 'unhandled rejection':
      throw new Error('unhandled');
    case 'SIGTERM':
      process.kill(process.pid, 'SIGTERM');
      setTimeout(() => {}, 600_000);
      break;
    case 'Deno.exit':
      globalThis.Deno.exit(3);
      break;
    case "a worker's shutdown, then terminate":
      setTimeout(() => {}, 600_000);
      await provider.shutdown({ timeoutMillis: 60_000 });
      parentPort.postMessage('done');
      break;
    case 'deliver':
      // Sends what the run before it left, until it is ended.
      setTimeout(() => {}, 600_000);
      break;
    default:
      // Nothing: the event loop is empty now.
      break;
  }
}

void main();

// A program that is its own uploader, as a bundled or single-file one has to be; argv: the collector's address.
import { createOtelProvider, thisProgram } from '@codex-otel/provider';

const uploadFlag = '--upload-telemetry';

async function main() {
  if (process.argv.includes(uploadFlag)) {
    const { runUploader } = await import('@codex-otel/provider/uploader');
    await runUploader();
    process.exit(0);
  }
  const exporter = { kind: 'otlp-http', endpoint: `${process.argv.at(-1)}/v1/logs`, protocol: 'binary' };
  const provider = await createOtelProvider(
    {
      environment: 'test',
      serviceName: 'codex_cli_rs',
      serviceVersion: '1.0.0',
      codexHome: '/nowhere',
      traceExporter: { kind: 'none' },
      exporter,
      metricsExporter: { kind: 'none' },
    },
    process.argv.includes('--no-uploader') ? {} : { uploaderCommand: thisProgram(uploadFlag) },
  );
  provider.logger.emit({ eventName: 'codex.user_prompt', attributes: { 'event.name': 'codex.user_prompt' } });
  process.exit(0);
}

void main();

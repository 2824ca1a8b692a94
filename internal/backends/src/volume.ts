import type { DemoReport } from '@codex-otel/example-cli';
import { runDemo } from '@codex-otel/example-cli';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';

/** Settings that change how much is sent. */
interface VolumeSettings {
  readonly title: string;
  readonly otelConfig?: string;
  readonly protocol?: 'http/protobuf' | 'http/json';
  readonly env?: Readonly<Record<string, string>>;
}

const GZIP = { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' };
const LEAN = 'log_sse_deltas = false\nlog_tool_output = false\nlog_tool_arguments = false\n';

const variants: readonly VolumeSettings[] = [
  { title: 'the defaults' },
  { title: '`protocol = "json"`', protocol: 'http/json' },
  { title: '`compression = "gzip"`', env: GZIP },
  { title: '`log_sse_deltas = false`', otelConfig: 'log_sse_deltas = false\n' },
  {
    title: '`log_tool_output = false`, `log_tool_arguments = false`',
    otelConfig: 'log_tool_output = false\nlog_tool_arguments = false\n',
  },
  { title: 'the low-volume configuration', otelConfig: LEAN, env: GZIP },
];

/** Runs the demo's session with each of the settings, and measures what a collector gets. */
export async function measureVolume(): Promise<string> {
  const lines = [
    '| settings | log records a turn | spans a turn | KB a turn: logs | traces | metrics, per export | log records per 1,000 stream events | KB of logs per 1,000 stream events |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const variant of variants) lines.push(await measured(variant));
  return lines.join('\n');
}

async function measured({ title, otelConfig, protocol, env = {} }: VolumeSettings): Promise<string> {
  const collector = await startOtlpCollector({ grpc: false });
  const before = { ...process.env };
  try {
    Object.assign(process.env, env);
    const report = await runDemo({ endpoint: collector.httpUrl, otelConfig, protocol, paceMillis: 0 });
    return row(title, report, collector);
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
    await collector.close();
  }
}

function row(title: string, report: DemoReport, collector: OtlpCollector): string {
  const turns = report.turns.length;
  const bytes = (signal: 'traces' | 'logs' | 'metrics') =>
    collector.requests().reduce((sum, request) => sum + (request.signal === signal ? request.bodyBytes : 0), 0);
  const events = streamEvents(collector);
  const sseRecords = collector.logRecords().filter(({ attributes }) => attributes['event.name'] === 'codex.sse_event');
  const perEvents = (1000 * sseRecords.length) / events;
  const logBytes = bytes('logs') * (sseRecords.length / collector.logRecords().length);
  const cells = [
    (collector.logRecords().length / turns).toFixed(0),
    (collector.spans().length / turns).toFixed(0),
    kilobytes(bytes('logs') / turns),
    kilobytes(bytes('traces') / turns),
    kilobytes(bytes('metrics') / collector.requests().filter(({ signal }) => signal === 'metrics').length),
    perEvents.toFixed(0),
    kilobytes((1000 * logBytes) / events),
  ];
  return `| ${title} | ${cells.join(' | ')} |`;
}

/** Events of the streams. The metrics count all of them, whatever is logged. */
function streamEvents(collector: OtlpCollector): number {
  return collector
    .metrics()
    .filter(({ name }) => name === 'codex.sse_event')
    .flatMap(({ points }) => points.map((point) => ('value' in point ? Number(point.value) : 0)))
    .reduce((sum, value) => sum + value, 0);
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Counting } from './dashboards/counting.ts';
import type { Program } from './programs/program.ts';
import { programs } from './programs/program.ts';
import type { ServerProcess } from './programs/server-process.ts';
import { freePorts, startServer } from './programs/server-process.ts';

/** A way from an agent to a dashboard, as a user would set it up. */
export interface Setup {
  readonly title: string;
  /** The dashboard that is for it. */
  readonly counting: Counting;
  readonly programs: readonly Program[];
  /** What the user writes into the `[otel]` table besides the exporters. */
  readonly otelConfig: string;
  /** Starts it with its data in `folder`; `files` are those of `programs`, in their order. */
  readonly start: (files: readonly string[], folder: string) => Promise<RunningSetup>;
}

/** A set-up that runs. */
export interface RunningSetup {
  /** Where agents send metrics. */
  readonly endpoint: string;
  /** Where the Prometheus API answers, without `/api/v1`. */
  readonly queryUrl: string;
  /** Waits until what was sent can be queried. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** How long back ends keep silent series: shorter than the pause of the idle scenarios. */
export const FORGETS_AFTER_SECONDS = 4;

const BATCH_MILLIS = 200;
const SCRAPE_SECONDS = 1;

const INSTANCE = 'service_instance_id = true\n';
const CUMULATIVE = `temporality = "cumulative"\n${INSTANCE}`;
const NATIVE_DELTA = '--enable-feature=otlp-native-delta-ingestion';

/** Exactly what the README of the dashboards names. */
export const setups: readonly Setup[] = [
  {
    title: 'delta → Prometheus',
    counting: 'delta',
    programs: [programs.prometheus],
    otelConfig: INSTANCE,
    start: ([prometheus], folder) => prometheusAlone(prometheus, folder, [NATIVE_DELTA]),
  },
  {
    title: 'delta, no instance id → Prometheus',
    counting: 'delta',
    programs: [programs.prometheus],
    otelConfig: '',
    start: ([prometheus], folder) => prometheusAlone(prometheus, folder, [NATIVE_DELTA]),
  },
  {
    title: 'delta → Collector → Prometheus',
    counting: 'delta',
    programs: [programs.collector, programs.prometheus],
    otelConfig: INSTANCE,
    start: (files, folder) => collectorBefore(files, folder, { flags: [NATIVE_DELTA], processors: [] }),
  },
  {
    title: 'delta → VictoriaMetrics',
    counting: 'delta',
    programs: [programs.victoriaMetrics],
    otelConfig: INSTANCE,
    start: ([victoria], folder) => victoriaMetrics(victoria, folder),
  },
  {
    title: 'cumulative → Prometheus',
    counting: 'cumulative',
    programs: [programs.prometheus],
    otelConfig: CUMULATIVE,
    start: ([prometheus], folder) => prometheusAlone(prometheus, folder, []),
  },
  {
    title: 'cumulative → VictoriaMetrics',
    counting: 'cumulative',
    programs: [programs.victoriaMetrics],
    otelConfig: CUMULATIVE,
    start: ([victoria], folder) => victoriaMetrics(victoria, folder),
  },
  {
    title: 'delta → Collector, deltatocumulative → Prometheus',
    counting: 'cumulative',
    programs: [programs.collector, programs.prometheus],
    otelConfig: INSTANCE,
    start: (files, folder) => collectorBefore(files, folder, { flags: [], processors: [deltaToCumulative] }),
  },
  {
    title: 'delta → Collector, deltatocumulative ← scraped by Prometheus',
    counting: 'cumulative',
    programs: [programs.collector, programs.prometheus],
    otelConfig: INSTANCE,
    start: scrapedCollector,
  },
];

const deltaToCumulative = `deltatocumulative: { max_stale: ${FORGETS_AFTER_SECONDS}s }`;

async function prometheusAlone(
  file: string | undefined,
  folder: string,
  flags: readonly string[],
): Promise<RunningSetup> {
  const [port = 0] = await freePorts(1);
  const server = await startPrometheus(file, folder, port, { flags });
  const queryUrl = `http://127.0.0.1:${port}`;
  // It answers a request only after it has written the data.
  const settle = async (): Promise<void> => {};
  return { queryUrl, endpoint: `${queryUrl}/api/v1/otlp/v1/metrics`, settle, stop: () => server.stop() };
}

async function collectorBefore(
  [collector, prometheus]: readonly string[],
  folder: string,
  { flags, processors }: { readonly flags: readonly string[]; readonly processors: readonly string[] },
): Promise<RunningSetup> {
  const behind = await prometheusAlone(prometheus, folder, flags);
  const names = ['batch', ...processors.map((processor) => processor.replace(/:.*$/, ''))];
  const before = await startCollector(collector, folder, [
    `processors: { ${[`batch: { timeout: ${BATCH_MILLIS}ms }`, ...processors].join(', ')} }`,
    `exporters: { otlphttp: { metrics_endpoint: "${behind.endpoint}", tls: { insecure: true } } }`,
    `service: { telemetry: { metrics: { level: none } }, pipelines: { metrics: { receivers: [otlp], processors: [${names}], exporters: [otlphttp] } } }`,
  ]);
  return {
    endpoint: before.endpoint,
    queryUrl: behind.queryUrl,
    settle: () => wait(10 * BATCH_MILLIS),
    async stop() {
      await before.server.stop();
      await behind.stop();
    },
  };
}

async function scrapedCollector([collector, prometheus]: readonly string[], folder: string): Promise<RunningSetup> {
  const [scraped = 0, port = 0] = await freePorts(2);
  const before = await startCollector(collector, folder, [
    `processors: { batch: { timeout: ${BATCH_MILLIS}ms }, ${deltaToCumulative} }`,
    `exporters: { prometheus: { endpoint: "127.0.0.1:${scraped}", metric_expiration: ${FORGETS_AFTER_SECONDS}s } }`,
    `service: { telemetry: { metrics: { level: none } }, pipelines: { metrics: { receivers: [otlp], processors: [deltatocumulative, batch], exporters: [prometheus] } } }`,
  ]);
  const server = await startPrometheus(prometheus, folder, port, {
    flags: [],
    config: `scrape_configs: [{ job_name: collector, honor_labels: true, scrape_interval: ${SCRAPE_SECONDS}s, static_configs: [{ targets: ["127.0.0.1:${scraped}"] }] }]`,
  });
  return {
    endpoint: before.endpoint,
    queryUrl: `http://127.0.0.1:${port}`,
    settle: () => wait(10 * BATCH_MILLIS + 2000 * SCRAPE_SECONDS),
    async stop() {
      await before.server.stop();
      await server.stop();
    },
  };
}

async function victoriaMetrics(file: string | undefined, folder: string): Promise<RunningSetup> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `-httpListenAddr=127.0.0.1:${port}`,
    `-storageDataPath=${path.join(folder, 'victoria-metrics')}`,
    '-opentelemetry.usePrometheusNaming',
    // Otherwise the last half minute is held back.
    '-search.latencyOffset=0',
  ];
  const server = await startServer(present(file), args, `${url}/health`);
  return {
    queryUrl: `${url}/prometheus`,
    endpoint: `${url}/opentelemetry/v1/metrics`,
    async settle() {
      await fetch(`${url}/internal/force_flush`);
      // It caches a query's result for ten seconds, even if new series have arrived since.
      await wait(11_000);
    },
    stop: () => server.stop(),
  };
}

async function startCollector(
  file: string | undefined,
  folder: string,
  lines: readonly string[],
): Promise<{ readonly server: ServerProcess; readonly endpoint: string }> {
  const [port = 0, health = 0] = await freePorts(2);
  const config = path.join(folder, 'collector.yaml');
  const service = lines.map((line) => line.replace('service: {', 'service: { extensions: [health_check],'));
  const text = [
    `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } } }`,
    `extensions: { health_check: { endpoint: "127.0.0.1:${health}" } }`,
    ...service,
  ];
  await writeFile(config, `${text.join('\n')}\n`);
  const server = await startServer(present(file), [`--config=${config}`], `http://127.0.0.1:${health}`);
  return { server, endpoint: `http://127.0.0.1:${port}/v1/metrics` };
}

async function startPrometheus(
  file: string | undefined,
  folder: string,
  port: number,
  { flags, config = '' }: { readonly flags: readonly string[]; readonly config?: string },
): Promise<ServerProcess> {
  const configFile = path.join(folder, 'prometheus.yml');
  // Points of several agents do not arrive in the order of their timestamps.
  await writeFile(configFile, `storage: { tsdb: { out_of_order_time_window: 10m } }\n${config}\n`);
  const args = [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${path.join(folder, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-otlp-receiver',
    `--query.lookback-delta=${FORGETS_AFTER_SECONDS}s`,
    ...flags,
  ];
  return startServer(present(file), args, `http://127.0.0.1:${port}/-/ready`);
}

function present(file: string | undefined): string {
  if (file === undefined) throw new Error('a set-up was started without its program');
  return file;
}

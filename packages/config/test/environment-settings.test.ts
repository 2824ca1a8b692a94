// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file has
import type { Env, OtelSettings } from '@codex-otel/config';
import { resolveOtlpConnection } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';
import { emptySettings, parsed, refused } from './parsed.ts';

const messages = diagMessages();

const local = { kind: 'otlp-http', endpoint: 'http://localhost:4318/v1/traces', protocol: 'binary' } as const;

/** Variables and the settings that differ from those of an empty file and environment. */
const filled: readonly (readonly [name: string, env: Env, differing: Partial<OtelSettings>])[] = [
  ['nothing by OTEL_SERVICE_NAME: the host named the agent', { OTEL_SERVICE_NAME: 'mine' }, {}],
  [
    'OTEL_RESOURCE_ATTRIBUTES',
    { OTEL_RESOURCE_ATTRIBUTES: 'team=core, region = eu%2Cwest ,' },
    { resourceAttributes: { team: 'core', region: 'eu,west' } },
  ],
  [
    'OTEL_RESOURCE_ATTRIBUTES without the attributes that name the agent',
    {
      OTEL_RESOURCE_ATTRIBUTES:
        'service.name=mine,service.namespace=team,service.version=9,service.instance.id=i-1,env=prod,team=a',
    },
    { serviceInstanceId: 'i-1', resourceAttributes: { team: 'a' } },
  ],
  ['OTEL_TRACES_EXPORTER=otlp', { OTEL_TRACES_EXPORTER: 'otlp' }, { traceExporter: local }],
  [
    'OTEL_LOGS_EXPORTER=otlp',
    { OTEL_LOGS_EXPORTER: 'OTLP' },
    { exporter: { ...local, endpoint: 'http://localhost:4318/v1/logs' } },
  ],
  [
    'OTEL_METRICS_EXPORTER=otlp',
    { OTEL_METRICS_EXPORTER: 'otlp' },
    { metricsExporter: { ...local, endpoint: 'http://localhost:4318/v1/metrics' } },
  ],
  ['OTEL_TRACES_EXPORTER=console', { OTEL_TRACES_EXPORTER: 'console' }, { traceExporter: { kind: 'console' } }],
  ['OTEL_TRACES_EXPORTER=none', { OTEL_TRACES_EXPORTER: 'none' }, {}],
  [
    'the general endpoint, with the path of the signal',
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example/base/?k=v' },
    { traceExporter: { ...local, endpoint: 'https://c.example/base/v1/traces?k=v' } },
  ],
  [
    'the endpoint of the signal, unchanged',
    {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://general.example',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://own.example/in',
    },
    { traceExporter: { ...local, endpoint: 'https://own.example/in' } },
  ],
  [
    'the general protocol',
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    { traceExporter: { ...local, protocol: 'json' } },
  ],
  [
    'the protocol of the signal',
    {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
    },
    { traceExporter: local },
  ],
  [
    'gRPC on this machine',
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { traceExporter: { kind: 'otlp-grpc', endpoint: 'http://localhost:4317' } },
  ],
  [
    'gRPC elsewhere',
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317' },
    { traceExporter: { kind: 'otlp-grpc', endpoint: 'http://c:4317' } },
  ],
  [
    'gRPC elsewhere, without a scheme',
    {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'c.example:4317',
    },
    { traceExporter: { kind: 'otlp-grpc', endpoint: 'https://c.example:4317' } },
  ],
  [
    'gRPC elsewhere, without a scheme and insecure',
    {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'c.example:4317',
      OTEL_EXPORTER_OTLP_INSECURE: 'true',
    },
    { traceExporter: { kind: 'otlp-grpc', endpoint: 'http://c.example:4317' } },
  ],
  [
    'gRPC elsewhere, insecure except for one signal',
    {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'c.example:4317',
      OTEL_EXPORTER_OTLP_INSECURE: 'true',
      OTEL_EXPORTER_OTLP_TRACES_INSECURE: 'false',
    },
    { traceExporter: { kind: 'otlp-grpc', endpoint: 'https://c.example:4317' } },
  ],
  [
    'a scheme, which takes precedence over OTEL_EXPORTER_OTLP_INSECURE',
    {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example:4317',
      OTEL_EXPORTER_OTLP_INSECURE: 'true',
    },
    { traceExporter: { kind: 'otlp-grpc', endpoint: 'https://c.example:4317' } },
  ],
  [
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'LowMemory' },
    { temporality: 'lowmemory' },
  ],
  ['OTEL_METRIC_EXPORT_INTERVAL', { OTEL_METRIC_EXPORT_INTERVAL: '5000' }, { metricExportIntervalMillis: 5000 }],
  ['OTEL_METRIC_EXPORT_TIMEOUT', { OTEL_METRIC_EXPORT_TIMEOUT: '700' }, { metricExportTimeoutMillis: 700 }],
  ['OTEL_TRACES_SAMPLER=always_on', { OTEL_TRACES_SAMPLER: 'always_on' }, { sampler: { kind: 'always-on' } }],
  ['OTEL_TRACES_SAMPLER=always_off', { OTEL_TRACES_SAMPLER: 'always_off' }, { sampler: { kind: 'always-off' } }],
  [
    'OTEL_TRACES_SAMPLER=traceidratio',
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
    { sampler: { kind: 'trace-id-ratio', ratio: 0.25 } },
  ],
  [
    'OTEL_TRACES_SAMPLER=parentbased_always_on',
    { OTEL_TRACES_SAMPLER: 'parentbased_always_on' },
    { sampler: { kind: 'parent-based', root: { kind: 'always-on' } } },
  ],
  [
    'OTEL_TRACES_SAMPLER=parentbased_always_off',
    { OTEL_TRACES_SAMPLER: 'parentbased_always_off' },
    { sampler: { kind: 'parent-based', root: { kind: 'always-off' } } },
  ],
  [
    'OTEL_TRACES_SAMPLER=parentbased_traceidratio',
    { OTEL_TRACES_SAMPLER: 'ParentBased_TraceIdRatio', OTEL_TRACES_SAMPLER_ARG: '1e-3' },
    { sampler: { kind: 'parent-based', root: { kind: 'trace-id-ratio', ratio: 0.001 } } },
  ],
  [
    'a ratio sampler without its argument',
    { OTEL_TRACES_SAMPLER: 'traceidratio' },
    { sampler: { kind: 'trace-id-ratio', ratio: 1 } },
  ],
  ['an argument without its sampler', { OTEL_TRACES_SAMPLER_ARG: '0.5' }, {}],
  ['OTEL_BSP_SCHEDULE_DELAY', { OTEL_BSP_SCHEDULE_DELAY: '0' }, { traceBatch: { scheduledDelayMillis: 0 } }],
  ['OTEL_BSP_EXPORT_TIMEOUT', { OTEL_BSP_EXPORT_TIMEOUT: '9' }, { traceBatch: { exportTimeoutMillis: 9 } }],
  ['OTEL_BSP_MAX_QUEUE_SIZE', { OTEL_BSP_MAX_QUEUE_SIZE: '9' }, { traceBatch: { maxQueueSize: 9 } }],
  [
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '9' },
    { traceBatch: { maxExportBatchSize: 9 } },
  ],
  ['OTEL_BLRP_SCHEDULE_DELAY', { OTEL_BLRP_SCHEDULE_DELAY: '9' }, { logBatch: { scheduledDelayMillis: 9 } }],
  ['OTEL_BLRP_EXPORT_TIMEOUT', { OTEL_BLRP_EXPORT_TIMEOUT: '9' }, { logBatch: { exportTimeoutMillis: 9 } }],
  ['OTEL_BLRP_MAX_QUEUE_SIZE', { OTEL_BLRP_MAX_QUEUE_SIZE: '9' }, { logBatch: { maxQueueSize: 9 } }],
  [
    'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE',
    { OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '9' },
    { logBatch: { maxExportBatchSize: 9 } },
  ],
  ['OTEL_SDK_DISABLED=false', { OTEL_SDK_DISABLED: 'False', OTEL_TRACES_EXPORTER: 'otlp' }, { traceExporter: local }],
  [
    'OTEL_SDK_DISABLED=true',
    {
      OTEL_SDK_DISABLED: 'TRUE',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'console',
    },
    {},
  ],
];

/** Variables that cannot be used: what differs without them, and what is said. */
const malformed: readonly (readonly [env: Env, warning: string, differing?: Partial<OtelSettings>])[] = [
  [{ OTEL_SDK_DISABLED: 'yes' }, "OTEL_SDK_DISABLED: ignored, found 'yes', expected 'true' or 'false'"],
  [
    { OTEL_RESOURCE_ATTRIBUTES: 'a=b,secret' },
    "OTEL_RESOURCE_ATTRIBUTES: ignored, its entry number 2 is not of the form 'name=percent-encoded value'",
  ],
  [
    { OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' },
    "OTEL_RESOURCE_ATTRIBUTES: ignored, its entry number 1 is not of the form 'name=percent-encoded value'",
  ],
  [
    { OTEL_RESOURCE_ATTRIBUTES: '__proto__=a' },
    "OTEL_RESOURCE_ATTRIBUTES: ignored, its entry number 1 is not of the form 'name=percent-encoded value'",
  ],
  [
    { OTEL_LOGS_EXPORTER: 'zipkin' },
    "OTEL_LOGS_EXPORTER: ignored, found 'zipkin', expected 'otlp', 'console' or 'none'",
  ],
  [
    { OTEL_METRICS_EXPORTER: 'prometheus' },
    "OTEL_METRICS_EXPORTER: ignored, found 'prometheus', expected 'otlp', 'console' or 'none'",
  ],
  [
    { OTEL_TRACES_EXPORTER: 'console,otlp' },
    "OTEL_TRACES_EXPORTER: only the first of its exporters, 'console', is used",
    { traceExporter: { kind: 'console' } },
  ],
  [
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http' },
    "OTEL_EXPORTER_OTLP_PROTOCOL: ignored, found 'http', expected 'grpc', 'http/protobuf', 'http/json'",
    { traceExporter: local },
  ],
  [
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'c.example:4318?key=secret' },
    'OTEL_EXPORTER_OTLP_ENDPOINT: ignored, expected an http or https URL',
    { traceExporter: local },
  ],
  [
    { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'both' },
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: ignored, found 'both', expected 'delta', 'cumulative', 'lowmemory'",
  ],
  [
    { OTEL_METRIC_EXPORT_INTERVAL: '0' },
    "OTEL_METRIC_EXPORT_INTERVAL: ignored, found '0', expected a whole number from 1 to 2147483647",
  ],
  [
    { OTEL_METRIC_EXPORT_INTERVAL: '1e3' },
    "OTEL_METRIC_EXPORT_INTERVAL: ignored, found '1e3', expected a whole number from 1 to 2147483647",
  ],
  [
    { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
    "OTEL_TRACES_SAMPLER: ignored, found 'jaeger_remote', expected 'always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'",
  ],
  [
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1.5' },
    "OTEL_TRACES_SAMPLER_ARG: ignored, found '1.5', expected a number from 0 to 1",
    { sampler: { kind: 'trace-id-ratio', ratio: 1 } },
  ],
  [
    { OTEL_BSP_SCHEDULE_DELAY: '-1' },
    "OTEL_BSP_SCHEDULE_DELAY: ignored, found '-1', expected a whole number from 0 to 2147483647",
  ],
  [
    { OTEL_BLRP_MAX_QUEUE_SIZE: 'many' },
    "OTEL_BLRP_MAX_QUEUE_SIZE: ignored, found 'many', expected a whole number from 1 to 2147483647",
  ],
  [
    { OTEL_BSP_MAX_QUEUE_SIZE: '10', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '11' },
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE: ignored, found '11', expected at most OTEL_BSP_MAX_QUEUE_SIZE, which is 10",
    { traceBatch: { maxQueueSize: 10 } },
  ],
];

describe('the environment', () => {
  it.each(filled)('sets what the file does not: %s', async (_name, env, differing) => {
    expect(await parsed('', { env })).toEqual({ ...emptySettings, ...differing });
    expect(messages.filter((message) => message.startsWith('warn'))).toEqual([]);
  });

  it.each(malformed)('is ignored with a warning if it is malformed: %j', async (env, warning, differing = {}) => {
    expect(await parsed('', { env })).toEqual({ ...emptySettings, ...differing });
    expect(messages).toContain(`warn: codex-otel/config: ${warning}`);
  });

  it('has lower precedence than the file', async () => {
    const toml =
      '[otel]\nexporter = "none"\ntrace_exporter = "console"\ntemporality = "delta"\nservice_instance_id = "mine"\n[otel.resource_attributes]\na = "file"\n"service.name" = "file"';
    const env = {
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'cumulative',
      OTEL_RESOURCE_ATTRIBUTES: 'a=env,b=env,service.instance.id=env',
      OTEL_SERVICE_NAME: 'env',
    };
    expect(await parsed(toml, { env })).toEqual({
      ...emptySettings,
      traceExporter: { kind: 'console' },
      temporality: 'delta',
      serviceInstanceId: 'mine',
      serviceName: 'file',
      resourceAttributes: { a: 'file', b: 'env' },
    });
  });

  it('completes an exporter in the file with the endpoint and the protocol', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' };
    expect((await parsed('[otel.trace_exporter.otlp-http]', { env })).traceExporter).toEqual({
      kind: 'otlp-http',
      endpoint: 'https://c.example/v1/traces',
      protocol: 'json',
    });
    expect((await parsed('[otel.trace_exporter.otlp-grpc]', { env })).traceExporter).toEqual({
      kind: 'otlp-grpc',
      endpoint: 'https://c.example',
    });
    const error = await refused('[otel.exporter.otlp-http]', { env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' } });
    expect(error.problems.map(({ path }) => path)).toEqual([
      'otel.exporter.otlp-http.endpoint',
      'otel.exporter.otlp-http.protocol',
    ]);
  });

  it('does not replace the endpoint and the protocol of an exporter in the file', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://env.example',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    };
    const http = '[otel.trace_exporter.otlp-http]\nendpoint = "https://file.example"\nprotocol = "binary"';
    expect((await parsed(http, { env })).traceExporter).toEqual({
      kind: 'otlp-http',
      endpoint: 'https://file.example',
      protocol: 'binary',
    });
    const grpc = '[otel.trace_exporter.otlp-grpc]\nendpoint = "https://file.example"';
    expect((await parsed(grpc, { env })).traceExporter).toEqual({
      kind: 'otlp-grpc',
      endpoint: 'https://file.example',
    });
  });

  it('completes a required exporter too', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example' };
    const managed = '[otel.metrics_exporter.otlp-grpc]\ncompression = "gzip"';
    expect((await parsed('[otel]\nmetrics_exporter = "none"', { env, managed })).metricsExporter).toEqual({
      kind: 'otlp-grpc',
      endpoint: 'https://c.example',
      compression: 'gzip',
    });
  });

  it('turns nothing on by an endpoint alone, and reports that', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example' };
    expect(await parsed('', { env })).toEqual(emptySettings);
    expect(messages).toEqual([
      'info: codex-otel/config: OTEL_EXPORTER_OTLP_ENDPOINT alone switches nothing on: set an exporter in [otel], or OTEL_TRACES_EXPORTER=otlp and the like',
    ]);
  });

  it('says nothing about an endpoint that an exporter may use', async () => {
    await parsed('[otel]\ntrace_exporter = "console"', {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example' },
    });
    expect(messages).toEqual([]);
  });

  it('turns off what the file turns on, and needs none of its variables', async () => {
    const toml = '[otel.exporter.otlp-grpc]\nendpoint = "http://a"\nheaders = { h = "${NOT_SET}" }';
    expect(await parsed(toml, { env: { OTEL_SDK_DISABLED: 'true' } })).toEqual(emptySettings);
  });

  it('is that of the process unless another is given', async () => {
    process.env.OTEL_RESOURCE_ATTRIBUTES = 'of=the-process';
    try {
      expect((await parsed('', { env: undefined })).resourceAttributes).toEqual({ of: 'the-process' });
    } finally {
      delete process.env.OTEL_RESOURCE_ATTRIBUTES;
    }
  });

  it.each([{ OTEL_SERVICE_NAME: 'mine' }, { OTEL_RESOURCE_ATTRIBUTES: 'service.name=mine' }])(
    'reports that it does not rename the agent: %j',
    async (env) => {
      await parsed('', { env });
      expect(messages).toEqual([
        "info: codex-otel/config: the environment does not rename the service 'agent'; resource_attributes in [otel] does",
      ]);
    },
  );

  it('names an agent that its host did not name', async () => {
    const env = { OTEL_SERVICE_NAME: 'mine', OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,service.version=9' };
    expect(await parsed('', { env, serviceName: '', serviceVersion: '' })).toMatchObject({
      serviceName: 'mine',
      serviceVersion: '9',
    });
  });
});

it.each([
  ['http://c:4318', '/'],
  ['http://c:4318/', '/'],
  ['http://c:4318?key=1', '/?key=1'],
  ['http://c:4318/mine', '/mine'],
])('uses the endpoint %s of one signal unchanged', async (endpoint, target) => {
  const env = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint };
  const { traceExporter } = await parsed('', { env });
  const { url } = await resolveOtlpConnection(traceExporter, 'traces', env);
  const { pathname, search } = new URL(url);
  expect(pathname + search).toBe(target);
});

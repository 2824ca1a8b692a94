import * as config from '@codex-otel/config';
import * as metrics from '@codex-otel/metrics';
import * as provider from '@codex-otel/provider';
import * as sessionTelemetry from '@codex-otel/session-telemetry';
import * as tokenUsage from '@codex-otel/token-usage';
import * as traceContext from '@codex-otel/trace-context';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Allowed, HostileCall } from './hostile-calls.ts';
import { attack, functionNames, prototypes, unreadable } from './hostile-calls.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const traced = { traceparent: TRACEPARENT, tracestate: 'a=1,b=2' };
const spanContext = { traceId: TRACEPARENT.slice(3, 35), spanId: TRACEPARENT.slice(36, 52), traceFlags: 1 };
const span = trace.wrapSpanContext(spanContext);
const usage = { ...tokenUsage.NO_TOKEN_USAGE, inputTokens: 10, outputTokens: 5, totalTokens: 15 };
const tags = { a: 'b', c: 'd' };
const quiet = { counter: () => undefined, histogram: () => undefined };
const http = { kind: 'otlp-http', endpoint: 'http://127.0.0.1:9', protocol: 'json', headers: { a: 'b' } };
const service = { environment: 'test', serviceName: 's', serviceVersion: '1', codexHome: '/nowhere' };
const otel = {
  environment: 'test',
  log_user_prompt: true,
  exporter: { 'otlp-http': { endpoint: 'http://localhost:4318', protocol: 'json', headers: { a: 'b' } } },
  trace_exporter: { 'otlp-grpc': { endpoint: 'http://localhost:4317' } },
  span_attributes: { a: 'b' },
  tracestate: { a: { b: 'c' } },
  spool: { directory: '/tmp', max_bytes: 5 },
};

/** Attacked through another function, or in a file of its own. */
const elsewhere = 'elsewhere';
/** Takes only objects that the packages themselves make, or is a class that only they construct. */
const internal = 'internal';

const configError: Allowed = (error) => config.isOtelConfigError(error) || unreadable(error);
const metricsError: Allowed = metrics.isMetricsError;
const tracestateError: Allowed = (error) => traceContext.isTracestateError(error) || unreadable(error);

type Calls = Readonly<Record<string, HostileCall | typeof elsewhere | typeof internal>>;

/** Data from outside is spoiled; spans, contexts and sinks are the host's own objects. */
const traceContextCalls: Calls = {
  TracestateError: internal,
  W3cPropagator: elsewhere,
  childProcessEnv: { args: () => [{ PATH: '/bin', TRACEPARENT }], call: ([env]) => [env ?? {}, span], data: true },
  contextFromW3cTraceContext: { args: () => [traced], call: ([remote]) => [remote, ROOT_CONTEXT], data: true },
  createW3cTraceContext: { args: () => [traced], data: true },
  currentSpanTraceId: { args: () => [] },
  currentSpanW3cTraceContext: { args: () => [] },
  extractW3cTraceHeaders: { args: () => [{ traceparent: TRACEPARENT, tracestate: ['a=1', 'b=2'] }], data: true },
  formatTraceparent: { args: () => [spanContext], call: ([parsed]) => [parsed ?? spanContext], data: true },
  injectSpanW3cTraceHeaders: {
    args: () => [{ traceparent: 'old', TraceState: 'old' }],
    call: ([headers]) => [span, typeof headers === 'object' && headers !== null ? headers : {}],
    data: true,
  },
  isTracestateError: { args: () => [new Error('x')], data: true },
  parseTraceparent: { args: () => [TRACEPARENT] },
  setTracestateEntries: { args: () => [{ codex: { region: 'eu' } }], allowed: tracestateError, data: true },
  spanW3cTraceContext: { args: () => [], call: () => [span] },
  traceContextToEnv: { args: () => [], call: () => [span] },
  traceparentContextFromEnv: { args: () => [{ TRACEPARENT, TRACESTATE: 'a=1' }], data: true },
  validateTracestateEntries: { args: () => [{ codex: { region: 'eu' } }], allowed: tracestateError, data: true },
  validateTracestateMember: { args: () => ['codex', { region: 'eu' }], allowed: tracestateError, data: true },
  withParentFromW3cTraceContext: { args: () => [traced], call: ([remote]) => [remote, () => 1], data: true },
};

const price: Allowed = (error) => error instanceof TypeError && error.message.startsWith('price of ');
const tokenUsageCalls: Calls = {
  addTokenUsage: { args: () => [usage, usage] },
  checkedTokenUsage: { args: () => [usage] },
  errorType: { args: () => [{ code: 'x', name: 'y' }] },
  reportedTokens: { args: () => [usage, 'cachedInputTokens'] },
  nonCachedInputTokens: { args: () => [usage] },
  recordResponseTokenUsage: { args: () => [span, usage, { responseId: 'r', model: 'm' }] },
  recordTurnTokenUsage: { args: () => [span, usage] },
  recordingTurnTokenUsage: { args: () => [tokenUsage.regularTask] },
  spanAttributes: internal,
  startTurn: elsewhere,
  subtractTokenUsage: { args: () => [usage, usage] },
  tokenCostMicroUsd: { args: () => [usage, { input: '1', output: 2, cachedInput: 1 }], allowed: price },
  tokenUsageFromAiSdk: { args: () => [{ inputTokens: 1, inputTokenDetails: { cacheReadTokens: 1 } }] },
  tokenUsageFromAnthropicMessage: { args: () => [{ input_tokens: 1, output_tokens: 2 }] },
  tokenUsageFromChatCompletion: { args: () => [{ prompt_tokens: 1, prompt_tokens_details: { cached_tokens: 1 } }] },
  tokenUsageFromOpenAiAgents: { args: () => [{ inputTokens: 1, inputTokensDetails: [{ cached_tokens: 1 }] }] },
  tokenUsageFromResponse: { args: () => [{ input_tokens: 1, input_tokens_details: { cached_tokens: 1 } }] },
  tracedReasoningEffort: { args: () => [{ effort: 'low', modelDefault: 'high' }] },
};

const parseOptions = { ...service, env: { X: 'y' }, managed: { otel: {} }, overrides: ['otel.log_user_prompt=true'] };
const configCalls: Calls = {
  OtelConfigError: internal,
  headersFromHelper: elsewhere,
  headersHelperOf: { args: () => [http.headers], data: true },
  isLogExportTarget: { args: () => ['codex_otel'] },
  isOtelConfigError: { args: () => [new Error('x')], data: true },
  isTraceSafeTarget: { args: () => ['codex_otel'] },
  loadOtelSettings: {
    args: () => [parseOptions],
    call: ([options]) => [options ?? parseOptions],
    allowed: configError,
  },
  errorName: internal,
  errorReason: internal,
  oneLine: internal,
  endpointName: { args: () => ['http://127.0.0.1:4318/v1/logs'] },
  differencesOf: internal,
  thisPlatform: internal,
  parseOtelConfig: { args: () => [{ otel }, parseOptions], allowed: configError, runs: 600 },
  resolveExporter: { args: () => [{ kind: 'statsig', apiKey: 'k' }, {}], allowed: unreadable },
  resolveOtlpConnection: {
    args: () => [http],
    call: ([exporter]) => [exporter, 'logs', {}],
    allowed: configError,
    data: true,
  },
  validateOtelSettings: {
    args: () => [{ exporter: http, traceExporter: http, metricsExporter: http }],
    allowed: configError,
    data: true,
  },
  validateSpanAttributes: { args: () => [{ a: 'b' }], allowed: configError, data: true },
  writeUnlessClosed: internal,
};

const operation = { inputTokens: 1, outputTokens: 2, seconds: 1, requestModel: 'm', errorType: 'x' };
const metricsCalls: Calls = {
  MetricsClient: elsewhere,
  MetricsError: internal,
  SettledResource: internal,
  boundedOriginatorTagValue: { args: () => ['a b'] },
  createMetricsClient: elsewhere,
  getGlobalMetricsClient: { args: () => [] },
  isEmptyRuntimeMetrics: internal,
  isMetricsError: { args: () => [new Error('x')], data: true },
  mergeRuntimeMetrics: internal,
  metricsResourceAttributes: { args: () => [{ ...service, resourceAttributes: { a: 'b' } }], allowed: unreadable },
  openDestination: internal,
  microUsdFromDecimal: { args: () => ['1.5'] },
  quietMetricsSink: elsewhere,
  genAiChunkRecorder: {
    args: () => [operation],
    call: ([given]) => [quiet, given],
    allowed: unreadable,
    data: true,
  },
  recordGenAiAgentInvocation: { args: () => [operation], call: ([given]) => [quiet, given], allowed: unreadable },
  recordGenAiInference: { args: () => [operation], call: ([given]) => [quiet, given], allowed: unreadable },
  recordGenAiToolExecution: { args: () => [operation], call: ([given]) => [quiet, given], allowed: unreadable },
  recordGenAiUsage: {
    args: () => [operation, operation],
    call: ([given, usage]) => [quiet, given, usage],
    allowed: unreadable,
  },
  recordMcpClientOperation: { args: () => [operation], call: ([given]) => [quiet, given], allowed: unreadable },
  recordGenAiOperationDuration: { args: () => [operation], call: ([given]) => [quiet, given], allowed: unreadable },
  recordGenAiTokenUsage: { args: () => [operation], call: ([given]) => [quiet, given], allowed: unreadable },
  recordProcessStart: { args: () => ['codex_cli_rs'], call: ([originator]) => [quiet, originator] },
  reportForeignApi: internal,
  responsesApiSummary: internal,
  runtimeMetricsSummary: internal,
  sanitizeMetricTagValue: { args: () => ['a b'] },
  sessionMetricTags: {
    args: () => [{ authMode: 'a', sessionSource: 's', originator: 'o', model: 'm', appVersion: '1' }],
    allowed: unreadable,
  },
  setGlobalMetricsClient: elsewhere,
  startGlobalTimer: { args: () => ['a.timer', tags], allowed: metricsError },
};

const providerCalls: Calls = {
  OtelShutdownError: internal,
  createOtelProvider: elsewhere,
  deferredSinks: elsewhere,
  isOtelShutdownError: { args: () => [new Error('x')], data: true },
  thisProgram: { args: () => ['--upload'] },
};

const sessionCalls: Calls = {
  AgentResponseLogger: elsewhere,
  NetworkProxyAudit: elsewhere,
  SessionTelemetry: elsewhere,
  domainPolicyDecision: {
    args: () => [{ kind: 'blocked', reason: 'not_allowed' }, { decision: 'allow' }],
    allowed: unreadable,
  },
  scrubSecrets: { args: () => [{ also: ['a', /b/] }], allowed: unreadable },
  sessionOptionsFromSettings: { args: () => [{ serviceVersion: '1' }], allowed: unreadable },
};

const packages: readonly (readonly [name: string, module: object, calls: Calls])[] = [
  ['trace-context', traceContext, traceContextCalls],
  ['token-usage', tokenUsage, tokenUsageCalls],
  ['config', config, configCalls],
  ['metrics', metrics, metricsCalls],
  ['provider', provider, providerCalls],
  ['session-telemetry', sessionTelemetry, sessionCalls],
];

const untouched = prototypes();

afterEach(() => {
  expect(prototypes()).toBe(untouched);
  traceContext.setTracestateEntries({});
});

describe.each(packages)('%s, with any arguments', (_name, module, calls) => {
  it('has every function attacked', () => {
    // A new function must be in one of the tables above, or this fails.
    expect(functionNames(module)).toEqual(Object.keys(calls).sort());
  });

  const attacked = Object.entries(calls).flatMap(([name, how]) =>
    how === elsewhere || how === internal ? [] : [[name, how] as const],
  );
  it.each(attacked)('%s throws only what it documents', async (name, how) => {
    const target: unknown = Reflect.get(module, name);
    if (typeof target !== 'function') throw new Error(`${name} is not a function`);
    await attack((args) => Reflect.apply(target, undefined, [...args]), how);
  });
});

import { describe, expect, it } from '@jest/globals';
import * as api from '../src/index.ts';

describe('@codex-otel/metrics', () => {
  it('exports these values', () => {
    expect(Object.keys(api).sort()).toEqual([
      'MetricsClient',
      'MetricsError',
      'NO_RUNTIME_METRICS',
      'STATSIG_EXCLUDED_METRICS',
      'SettledResource',
      'boundedOriginatorTagValue',
      'codexMetricNames',
      'createMetricsClient',
      'genAiChunkRecorder',
      'genAiMetrics',
      'getGlobalMetricsClient',
      'isEmptyRuntimeMetrics',
      'isMetricsError',
      'mergeRuntimeMetrics',
      'metricsResourceAttributes',
      'microUsdFromDecimal',
      'openDestination',
      'quietMetricsSink',
      'recordGenAiAgentInvocation',
      'recordGenAiInference',
      'recordGenAiOperationDuration',
      'recordGenAiTokenUsage',
      'recordGenAiToolExecution',
      'recordGenAiUsage',
      'recordMcpClientOperation',
      'recordProcessStart',
      'reportForeignApi',
      'responsesApiSummary',
      'runtimeMetricsSummary',
      'sanitizeMetricTagValue',
      'sessionMetricTags',
      'setGlobalMetricsClient',
      'startGlobalTimer',
    ]);
  });
});

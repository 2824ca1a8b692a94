import * as config from '@codex-otel/config';
import { expect, it } from '@jest/globals';

it('exports these values', () => {
  expect(Object.keys(config).sort()).toEqual([
    'OTEL_LOG_ONLY_TARGET',
    'OTEL_NETWORK_PROXY_TARGET',
    'OTEL_TRACE_SAFE_TARGET',
    'OtelConfigError',
    'differencesOf',
    'endpointName',
    'errorName',
    'errorReason',
    'headersFromHelper',
    'headersHelperOf',
    'isLogExportTarget',
    'isOtelConfigError',
    'isTraceSafeTarget',
    'loadOtelSettings',
    'oneLine',
    'parseOtelConfig',
    'resolveExporter',
    'resolveOtlpConnection',
    'thisPlatform',
    'validateOtelSettings',
    'validateSpanAttributes',
    'writeUnlessClosed',
  ]);
});

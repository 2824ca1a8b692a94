import {
  isLogExportTarget,
  isTraceSafeTarget,
  OTEL_LOG_ONLY_TARGET,
  OTEL_NETWORK_PROXY_TARGET,
  OTEL_TRACE_SAFE_TARGET,
} from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';

describe('targets', () => {
  it.each([
    [OTEL_LOG_ONLY_TARGET, true, false],
    [OTEL_NETWORK_PROXY_TARGET, true, false],
    [OTEL_TRACE_SAFE_TARGET, false, true],
    ['codex_otel.trace_safe.debug', false, true],
    ['codex_otel.trace_safe.summary', false, true],
    ['codex_otel', true, false],
    ['codex_otel.anything', true, false],
    ['codex_core::tasks', false, false],
    ['other.codex_otel.trace_safe', false, false],
    ['', false, false],
  ])('%s: exported as log %p, trace-safe %p', (target, isLog, isSafe) => {
    expect([isLogExportTarget(target), isTraceSafeTarget(target)]).toEqual([isLog, isSafe]);
  });

  it('are texts', () => {
    expect([isLogExportTarget(5 as never), isTraceSafeTarget(undefined as never)]).toEqual([false, false]);
  });

  it('have the names that readers know', () => {
    expect([OTEL_LOG_ONLY_TARGET, OTEL_TRACE_SAFE_TARGET, OTEL_NETWORK_PROXY_TARGET]).toEqual([
      'codex_otel.log_only',
      'codex_otel.trace_safe',
      'codex_otel.network_proxy',
    ]);
  });
});

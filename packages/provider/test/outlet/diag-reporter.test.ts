import { afterEach, describe, expect, it } from '@jest/globals';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { diagReporter } from '../../src/outlet/diag-reporter.ts';
import type { OutletReport } from '../../src/outlet/outlet-report.ts';

const lines: string[] = [];

function listen(): void {
  const at = (level: string) => (message: string) => lines.push(`${level} ${message}`);
  const logger = { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), verbose: at('verbose') };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  lines.length = 0;
}

afterEach(() => diag.disable());

describe('diagReporter', () => {
  const logs = { signal: 'logs' } as const;

  it.each<[OutletReport, string]>([
    [
      { ...logs, kind: 'exported', items: 5, elapsedMillis: 12.4, changed: false },
      'debug codex-otel/provider: logs to http://c/v1/logs: exported 5 in 12 ms',
    ],
    [
      { ...logs, kind: 'retrying', items: 5, reason: 'refused', delayMillis: 999.7, changed: true },
      'error codex-otel/provider: logs to http://c/v1/logs: could not export 5, trying again in 1000 ms: refused',
    ],
    [
      { ...logs, kind: 'retrying', items: 5, reason: 'refused', delayMillis: 2000, changed: false },
      'debug codex-otel/provider: logs to http://c/v1/logs: could not export 5, trying again in 2000 ms: refused',
    ],
    [
      { ...logs, kind: 'failed', items: 2, reason: 'HTTP 400', changed: true },
      'error codex-otel/provider: logs to http://c/v1/logs: lost 2: HTTP 400',
    ],
    [
      { ...logs, kind: 'unencoded', items: 1, reason: 'it cannot be encoded (TypeError)', changed: true },
      'error codex-otel/provider: logs to http://c/v1/logs: lost 1: it cannot be encoded (TypeError)',
    ],
    [
      { ...logs, kind: 'divided', items: 9, reason: 'HTTP 413', changed: true },
      'warn codex-otel/provider: logs to http://c/v1/logs: sending 9 in smaller batches: HTTP 413',
    ],
    [
      { ...logs, kind: 'rejected', items: 1, reason: 'too old', changed: true },
      'warn codex-otel/provider: logs to http://c/v1/logs: the collector rejected 1: too old',
    ],
    [
      { ...logs, kind: 'dropping', items: 1, reason: 'the queue is full', changed: true },
      'warn codex-otel/provider: logs to http://c/v1/logs: dropping: the queue is full',
    ],
    [
      { ...logs, kind: 'recovered', items: 7, changed: true },
      'info codex-otel/provider: logs to http://c/v1/logs: exports succeed again; 7 were dropped',
    ],
    [
      { ...logs, kind: 'recovered', items: 0, changed: true },
      'info codex-otel/provider: logs to http://c/v1/logs: exports succeed again',
    ],
  ])('says of %j: %s', (report, line) => {
    listen();
    diagReporter('http://c/v1/logs')(report);
    expect(lines).toEqual([line]);
  });
});

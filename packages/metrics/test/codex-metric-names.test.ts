import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { codexMetricNames, STATSIG_EXCLUDED_METRICS } from '../src/index.ts';
import { validateMetricName } from '../src/metric-validation.ts';
import type { MetricKind } from './metric-table.ts';
import { METRIC_TABLE } from './metric-table.ts';

const source = readFileSync(new URL('../src/codex-metric-names.ts', import.meta.url), 'utf8');
/** The first words of each name's documentation. */
const documented = new Map(
  [...source.matchAll(/\/\*\* (.*?)[.:].*?\n {2}\w+: '(.*)',/g)].map(([, text = '', name]) => [name, text]),
);
const words: Readonly<Record<MetricKind, RegExp>> = {
  counter: /^Counter$/,
  histogram: /^Histogram( of 0 and 1)?$/,
  duration: /^Duration$/,
};

const constants = Object.entries(codexMetricNames);

describe('metric names', () => {
  it('are those of the table, each once', () => {
    expect(constants.map(([, name]) => name).sort()).toEqual(Object.keys(METRIC_TABLE).sort());
  });

  it.each(Object.entries(METRIC_TABLE))('%s is documented as a %s', (name, kind) => {
    expect(documented.get(name)).toMatch(words[kind]);
  });

  it.each(constants)('%s is a valid name', (_constant, name) => {
    expect(() => validateMetricName(name)).not.toThrow();
  });
});

describe('STATSIG_EXCLUDED_METRICS', () => {
  it('is the list of what the built-in exporter leaves out', () => {
    expect([...STATSIG_EXCLUDED_METRICS].sort()).toEqual([
      'codex.api_request',
      'codex.api_request.duration_ms',
      'codex.conversation.turn.count',
      'codex.responses_api_engine_iapi_ttft.duration_ms',
      'codex.responses_api_engine_service_tbt.duration_ms',
      'codex.responses_api_engine_service_ttft.duration_ms',
      'codex.tool.call',
      'codex.tool.call.duration_ms',
      'codex.turn.cost_microusd',
      'codex.turn.token_usage',
      'exec_server_client_requests_total',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { runDemo } from '@codex-otel/example-cli';
import type { OtlpCollector, ReceivedMetric } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import type { Counting } from '../src/dashboards/counting.ts';
import { grafanaDashboard } from '../src/dashboards/grafana.ts';
import { filledIn } from '../src/queries.ts';

// What can be checked without an engine: names, labels, types, units and temporality. For values, see
// engines.test.ts and `npm run backends`.

const dashboards: readonly Counting[] = ['delta', 'cumulative'];
/** What the demo's session may lack: it loses nothing, and not every version measures where a turn spends its time. */
const optional: ReadonlySet<string> = new Set([
  'codex_telemetry_dropped_total',
  'codex_turn_critical_path_component_ms_milliseconds_sum',
]);

/** One series selector of a query: a metric and the labels that it is asked for by. */
interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** What a query needs from the data. */
interface Query {
  readonly text: string;
  readonly selectors: readonly Selector[];
  /** Labels to group by. */
  readonly groups: readonly string[];
  /** Parts that are not PromQL. */
  readonly errors: readonly string[];
}

describe('Prometheus names', () => {
  it.each([
    ['codex.tool.call', '', 'sum', ['codex_tool_call_total']],
    ['exec_server_client_requests_total', '', 'sum', ['exec_server_client_requests_total']],
    [
      'codex.sse_event.duration_ms',
      'ms',
      'histogram',
      ['_bucket', '_count', '_sum'].map((part) => `codex_sse_event_duration_ms_milliseconds${part}`),
    ],
    [
      'gen_ai.client.token.usage',
      '{token}',
      'histogram',
      ['_bucket', '_count', '_sum'].map((part) => `gen_ai_client_token_usage${part}`),
    ],
    [
      'gen_ai.client.operation.duration',
      's',
      'histogram',
      ['_bucket', '_count', '_sum'].map((part) => `gen_ai_client_operation_duration_seconds${part}`),
    ],
    ['memory', 'By', 'gauge', ['memory_bytes']],
    ['a--b..c', '', 'gauge', ['a_b_c']],
  ] as const)('of %s in %j as a %s are %j', (name, unit, kind, wanted) => {
    expect(prometheusNames({ name, unit, kind })).toEqual(wanted);
  });
});

describe.each(dashboards)('the %s dashboard', (counting) => {
  const file: unknown = JSON.parse(
    readFileSync(new URL(`../../../dashboards/grafana-codex-${counting}.json`, import.meta.url), 'utf8'),
  );
  const queries = [...textsUnder(file, 'expr'), ...variableSelectors(file)].map(readQuery);
  let collector: OtlpCollector;

  beforeAll(async () => {
    collector = await startOtlpCollector({ grpc: false });
    await runDemo({ collector, paceMillis: 0, otelConfig: `temporality = "${counting}"` });
  });
  afterAll(() => collector.close());

  it('is what `npm run backends -- dashboards` writes', () => {
    expect(file).toEqual(JSON.parse(JSON.stringify(grafanaDashboard(counting))));
  });

  it('has queries, and no panel over another', () => {
    expect(queries.length).toBeGreaterThan(20);
    const places = placesIn(file);
    for (const [index, place] of places.entries()) {
      expect(place.x + place.w).toBeLessThanOrEqual(24);
      for (const other of places.slice(index + 1))
        expect({ place, other, overlap: overlap(place, other) }).toMatchObject({ overlap: false });
    }
  });

  it.each(queries.map((query) => [query.text, query] as const))('is PromQL: %s', (_text, query) => {
    expect(query.errors).toEqual([]);
  });

  it.each(queries.map((query) => [query.text, query] as const))(
    'asks for what the demo exports: %s',
    (_text, query) => {
      const exported = prometheusSeries(collector.metrics());
      for (const { metric, matchers } of query.selectors) {
        const series = exported.get(metric) ?? [];
        if (series.length === 0 && optional.has(metric)) continue;
        expect({ metric, exported: series.length > 0 }).toEqual({ metric, exported: true });
        for (const label of [...matchers.map((matcher) => matcher.label), ...query.groups]) {
          const known = label === 'le' ? metric.endsWith('_bucket') : series.every((labels) => labels.has(label));
          expect({ metric, label, known }).toEqual({ metric, label, known: true });
        }
        for (const { label, operator, value } of matchers) {
          // Which events fail depends on the script, but `success` is always true or false.
          if (!operator.endsWith('=') || label === 'success') continue;
          const found = series.some((labels) => labels.get(label) === value);
          expect({ metric, label, value, found }).toEqual({ metric, label, value, found: true });
        }
      }
    },
  );

  it('counts points of the temporality that it is for', () => {
    const counted = collector.metrics().flatMap((metric) => ('temporality' in metric ? [metric.temporality] : []));
    expect(new Set(counted)).toEqual(new Set([counting]));
  });
});

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (name === 'gridPos' ? [member as Place] : placesIn(member)));
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** The texts under a key, anywhere. */
function textsUnder(value: unknown, key: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === key && typeof member === 'string' ? [member] : textsUnder(member, key),
  );
}

/** Variables ask for `label_values(selector, label)`, which is Grafana's; as PromQL it is grouping by the label. */
function variableSelectors(value: unknown): string[] {
  return textsUnder(value, 'definition').flatMap((definition) => {
    const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(definition) ?? [];
    return selector === undefined || label === undefined ? [] : [`group by (${label}) (${selector})`];
  });
}

function readQuery(text: string): Query {
  const promql = filledIn(text, { range: 21_600, interval: 60 });
  const selectors: { metric: string; matchers: { label: string; operator: string; value: string }[] }[] = [];
  const groups: string[] = [];
  const errors: string[] = [];
  parser.parse(promql).iterate({
    enter(node) {
      const piece = promql.slice(node.from, node.to);
      if (node.type.isError) errors.push(`${piece} at ${node.from}`);
      if (node.name === 'VectorSelector') selectors.push({ metric: '', matchers: [] });
      const selector = selectors.at(-1);
      if (node.name === 'Identifier' && selector !== undefined) selector.metric = piece;
      if (node.name === 'UnquotedLabelMatcher') {
        const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!=|!~|=)\s*"(.*)"$/s.exec(piece) ?? [];
        selector?.matchers.push({ label, operator, value });
      }
      if (node.name === 'LabelName' && node.node.parent?.name === 'GroupingLabels') groups.push(piece);
    },
  });
  return { text, selectors, groups, errors };
}

/**
 * What Prometheus calls a metric that it receives over OTLP: words joined with an underscore, the unit's name, and
 * `total` for counters, each unless the name has it.
 *
 * @see https://prometheus.io/docs/guides/opentelemetry/
 */
function prometheusNames(metric: Pick<ReceivedMetric, 'name' | 'unit' | 'kind'>): readonly string[] {
  const words = metric.name.split(/[^A-Za-z0-9:]+/).filter((word) => word !== '');
  const units: Readonly<Record<string, string>> = { ms: 'milliseconds', s: 'seconds', By: 'bytes' };
  const unit = units[metric.unit];
  if (metric.unit !== '' && unit === undefined && !/^\{.*\}$/.test(metric.unit)) {
    throw new Error(`the Prometheus name of the unit ${metric.unit} is not known here`);
  }
  if (unit !== undefined && !words.includes(unit)) words.push(unit);
  if (metric.kind === 'sum') words.splice(0, words.length, ...words.filter((word) => word !== 'total'), 'total');
  const name = words.join('_');
  return metric.kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((part) => name + part) : [name];
}

/** Series by Prometheus name: the labels of each. */
function prometheusSeries(metrics: readonly ReceivedMetric[]): ReadonlyMap<string, ReadonlyMap<string, string>[]> {
  const all = new Map<string, ReadonlyMap<string, string>[]>();
  for (const metric of metrics) {
    const job = String(metric.resource.attributes['service.name']);
    const series = metric.points.map(({ attributes }) => {
      const labels = Object.entries(attributes).map(
        ([key, value]) => [key.replace(/\W/g, '_'), String(value)] as const,
      );
      return new Map([...labels, ['job', job] as const]);
    });
    for (const name of prometheusNames(metric)) all.set(name, [...(all.get(name) ?? []), ...series]);
  }
  return all;
}

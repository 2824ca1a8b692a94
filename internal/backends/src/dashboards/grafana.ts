import type { Counting } from './counting.ts';
import type { Panel } from './panel.ts';
import { isAdditive, windowOf } from './panel.ts';
import { prices, rows } from './panels.ts';

const COLUMNS = 24;
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };
/** The series that every session has; the variables take their values from it. */
const ANY_TURN = 'codex_turn_e2e_duration_ms_milliseconds_count';

const about: Readonly<
  Record<Counting, { readonly title: string; readonly uid: string; readonly description: string }>
> = {
  delta: {
    title: 'Codex sessions (delta)',
    uid: 'codex-otel-delta',
    description:
      'For back ends that store delta metrics, which is how metrics are sent by default. Exact, even for processes that live for a second.',
  },
  cumulative: {
    title: 'Codex sessions (cumulative)',
    uid: 'codex-otel-cumulative',
    description:
      'For back ends that keep totals of each process: temporality = "cumulative" and service_instance_id = true. Exact unless a process is silent for longer than an hour.',
  },
};

/** A dashboard as Grafana imports it. */
export function grafanaDashboard(counting: Counting): object {
  let id = 0;
  let y = 0;
  const panels: object[] = [];
  for (const { title, panels: members } of rows) {
    id += 1;
    panels.push({ id, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: COLUMNS, h: 1 }, panels: [] });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of members) {
      const { w, h } = panel.kind === 'stat' ? { w: 3, h: 4 } : { w: COLUMNS / widthShare(members.length), h: 8 };
      if (x + w > COLUMNS) {
        x = 0;
        y += height;
      }
      id += 1;
      panels.push(grafanaPanel(panel, counting, { id, gridPos: { x, y, w, h } }));
      x += w;
      height = h;
    }
    y += height;
  }
  return {
    ...about[counting],
    tags: ['codex', 'opentelemetry'],
    timezone: 'browser',
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: variables() },
    annotations: { list: [] },
    panels,
  };
}

/** The panels of one row, side by side. */
function widthShare(panels: number): number {
  return panels % 3 === 0 ? 3 : 2;
}

function grafanaPanel(panel: Panel, counting: Counting, place: object): object {
  const { kind, title, description, unit, queries } = panel;
  const instant = kind === 'stat';
  const common = {
    ...place,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map(({ expression, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr: expression(counting, windowOf(panel)),
      legendFormat: legend,
      instant,
      range: !instant,
    })),
  };
  if (instant) {
    return {
      ...common,
      type: 'stat',
      fieldConfig: { defaults: { unit, decimals: unit === 'short' ? 0 : 2, noValue: '–' }, overrides: [] },
      options: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'none' },
    };
  }
  const stacking = isAdditive(panel) ? { mode: 'normal', group: 'A' } : { mode: 'none', group: 'A' };
  const drawing = isAdditive(panel)
    ? { drawStyle: 'bars', fillOpacity: 80, lineWidth: 1 }
    : { drawStyle: 'line', showPoints: 'always', pointSize: 6, spanNulls: false };
  return {
    ...common,
    type: 'timeseries',
    // Bars add up to what the numbers above say, since each step is counted once.
    interval: '30s',
    maxDataPoints: 120,
    fieldConfig: { defaults: { unit, min: 0, custom: { ...drawing, stacking } }, overrides: [] },
    options: {
      legend: { displayMode: 'table', placement: 'bottom', calcs: isAdditive(panel) ? ['sum'] : ['mean'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

function variables(): readonly object[] {
  return [
    {
      name: 'datasource',
      label: 'Data source',
      type: 'datasource',
      query: 'prometheus',
      refresh: 1,
      current: {},
    },
    labelVariable('job', 'Service', `label_values(${ANY_TURN}, job)`),
    labelVariable('model', 'Model', `label_values(${ANY_TURN}{job=~"$job"}, model)`),
    ...prices.map(({ name, label, usd }) => ({
      name,
      label,
      type: 'textbox',
      query: usd,
      current: { text: usd, value: usd },
    })),
  ];
}

function labelVariable(name: string, label: string, definition: string): object {
  return {
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    query: { query: definition, refId: name },
    definition,
    includeAll: true,
    allValue: '.*',
    multi: true,
    refresh: 2,
    sort: 1,
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

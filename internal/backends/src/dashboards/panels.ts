import type { TokenUsage } from '@codex-otel/token-usage';
import type { Truth } from '../truth.ts';
import { grouped, mean, quantileOf, sums, tally } from '../truth.ts';
import type { Counting, Matchers, Window } from './counting.ts';
import { added } from './counting.ts';
import type { Panel, PanelQuery, PanelRow, Values } from './panel.ts';

/** Names as Prometheus gives them to what it receives over OTLP; histograms are without their last part. */
const TURN_DURATION = 'codex_turn_e2e_duration_ms_milliseconds';
const TOKENS = 'codex_turn_token_usage_sum';
const COMPONENT = 'codex_turn_critical_path_component_ms_milliseconds_sum';
const FIRST_TOKEN = 'codex_turn_ttft_duration_ms_milliseconds';
const TOOL_CALLS = 'codex_tool_call_total';
const TOOL_DURATION = 'codex_tool_call_duration_ms_milliseconds';
const API_REQUESTS = 'codex_api_request_total';
const API_DURATION = 'codex_api_request_duration_ms_milliseconds';
const DROPPED = 'codex_telemetry_dropped_total';
const STREAM_EVENTS = 'codex_sse_event_total';

/** The user's prices: variables of the dashboard, in dollars per million tokens, and what they begin as. */
export const prices: readonly { readonly name: string; readonly label: string; readonly usd: string }[] = [
  { name: 'price_input', label: '$/M input', usd: '1.25' },
  { name: 'price_cached', label: '$/M cached input', usd: '0.125' },
  { name: 'price_cache_write', label: '$/M cache write', usd: '1.25' },
  { name: 'price_output', label: '$/M output', usd: '10' },
];

/**
 * Kinds of tokens that do not overlap, so that a stack of them is the total, with how they are computed and their
 * price.
 */
const parts: readonly {
  readonly name: string;
  readonly price: string;
  readonly of: readonly [type: string, ...minus: string[]];
  readonly truth: (usage: TokenUsage) => number;
}[] = [
  {
    name: 'fresh input',
    price: 'price_input',
    of: ['input', 'cached_input', 'cache_write_input'],
    truth: (usage) => usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteInputTokens,
  },
  { name: 'cached input', price: 'price_cached', of: ['cached_input'], truth: (usage) => usage.cachedInputTokens },
  {
    name: 'cache write',
    price: 'price_cache_write',
    of: ['cache_write_input'],
    truth: (usage) => usage.cacheWriteInputTokens,
  },
  { name: 'reasoning', price: 'price_output', of: ['reasoning_output'], truth: (usage) => usage.reasoningOutputTokens },
  {
    name: 'other output',
    price: 'price_output',
    of: ['output', 'reasoning_output'],
    truth: (usage) => usage.outputTokens - usage.reasoningOutputTokens,
  },
];

/** What both dashboards show. */
export const rows: readonly PanelRow[] = [
  {
    title: 'Session',
    panels: [
      stat('Turns', 'Turns that ended, compactions included.', 'short', {
        labels: [],
        expression: (counting, window) => total(counting, `${TURN_DURATION}_count`, {}, window),
        truth: (truth) => single(truth.turns),
      }),
      stat('Tokens', 'All tokens of these turns, as the server counted them.', 'short', {
        labels: [],
        expression: (counting, window) => total(counting, TOKENS, { token_type: 'total' }, window),
        truth: (truth) => single(truth.usage.totalTokens),
      }),
      stat('Cache-hit ratio', 'Cached part of the input tokens.', 'percentunit', cacheHits([])),
      stat(
        'Cost',
        'By the prices above, in dollars per million tokens: choose one model, and its prices.',
        'currencyUSD',
        {
          labels: [],
          expression: (counting, window) => cost(counting, [], window),
          truth: (truth) => single(costOf(truth.usage)),
        },
      ),
      stat('Tool failures', 'Share of tool calls that failed.', 'percentunit', {
        labels: [],
        expression: (counting, window) => failures(counting, TOOL_CALLS, window),
        truth: ({ tools }) => single(tools.filter(({ success }) => !success).length / tools.length),
      }),
      stat('API errors', 'Share of requests to the model that failed.', 'percentunit', {
        labels: [],
        expression: (counting, window) => failures(counting, API_REQUESTS, window),
        truth: ({ apiRequests }) => single(apiRequests.filter(({ success }) => !success).length / apiRequests.length),
      }),
      stat(
        'Requests without an answer',
        'Requests that were refused, or whose stream did not reach its end. Nearly all of them were sent again: the cost of retries. Not for WebSockets.',
        'short',
        {
          labels: [],
          expression: (counting, window) => {
            const whole = total(counting, STREAM_EVENTS, { kind: 'response.completed', success: 'true' }, window);
            return `${total(counting, API_REQUESTS, {}, window)} - ${whole}`;
          },
          truth: ({ apiRequests, responses }) => single(apiRequests.length - responses),
        },
      ),
      stat('Time to first token, mean', 'From the start of a turn.', 'ms', {
        labels: [],
        expression: (counting, window) => average(counting, FIRST_TOKEN, [], window),
        truth: ({ firstTokenMillis }) => single(mean(firstTokenMillis)),
      }),
    ],
  },
  {
    title: 'Turns',
    panels: [
      bars('Turns by model', 'Turns that ended.', 'short', {
        legend: '{{model}}',
        labels: ['model'],
        expression: (counting, window) => total(counting, `${TURN_DURATION}_count`, {}, window, ['model']),
        truth: ({ model, turns }) => new Map([[model, turns]]),
      }),
      lines('Turn duration', duration('From start to end of a turn.'), 'ms', [
        ...durations(TURN_DURATION, ({ turnMillis }) => turnMillis),
      ]),
      bars(
        'Where turns spent their time',
        'Each instant of a turn counts once: waiting for the user before tools, tools before inference.',
        'ms',
        {
          legend: '{{component}}',
          labels: ['component'],
          expression: (counting, window) => total(counting, COMPONENT, {}, window, ['component']),
          truth: ({ components }) => components,
        },
      ),
      lines('Time to first token', duration('From the start of a turn.'), 'ms', [
        ...durations(FIRST_TOKEN, ({ firstTokenMillis }) => firstTokenMillis),
      ]),
    ],
  },
  {
    title: 'Tokens',
    panels: [
      {
        kind: 'bars',
        title: 'Tokens by type and model',
        description: 'Each token once, so that the stack is the total.',
        unit: 'short',
        queries: parts.map((part) => ({
          legend: `{{model}} ${part.name}`,
          labels: ['model'],
          expression: (counting, window) => tokens(counting, part.of, ['model'], window),
          truth: ({ model, usage }) => new Map([[model, part.truth(usage)]]),
        })),
      },
      lines('Cache-hit ratio by model', 'Cached part of the input tokens.', 'percentunit', [cacheHits(['model'])]),
      bars('Cost by model', 'By the prices above, which are those of one model.', 'currencyUSD', {
        legend: '{{model}}',
        labels: ['model'],
        expression: (counting, window) => cost(counting, ['model'], window),
        truth: ({ model, usage }) => new Map([[model, costOf(usage)]]),
      }),
    ],
  },
  {
    title: 'Tools',
    panels: [
      bars('Tool calls by tool and success', 'A call that the user denied did not succeed.', 'short', {
        legend: '{{tool}}, success {{success}}',
        labels: ['tool', 'success'],
        expression: (counting, window) => total(counting, TOOL_CALLS, {}, window, ['tool', 'success']),
        truth: ({ tools }) => tally(tools, ({ tool, success }) => `${tool}, ${success}`),
      }),
      lines('Tool duration by tool', duration('A call that the user denied took no time.'), 'ms', [
        {
          legend: '{{tool}} mean',
          labels: ['tool'],
          expression: (counting, window) => average(counting, TOOL_DURATION, ['tool'], window),
          truth: ({ tools }) => eachTool(tools, mean),
        },
        {
          legend: '{{tool}} p95',
          labels: ['tool'],
          expression: (counting, window) => quantile(counting, TOOL_DURATION, 0.95, ['tool'], window),
          truth: ({ tools, bounds }) => eachTool(tools, (millis) => quantileOf(0.95, millis, bounds)),
        },
      ]),
    ],
  },
  {
    title: 'API',
    panels: [
      bars('API requests by status', '`none` if there was no answer.', 'short', {
        legend: '{{status}}',
        labels: ['status'],
        expression: (counting, window) => total(counting, API_REQUESTS, {}, window, ['status']),
        truth: ({ apiRequests }) => tally(apiRequests, ({ status }) => status),
      }),
      bars('API errors by status', 'Each was sent again, or ended its turn.', 'short', {
        legend: '{{status}}',
        labels: ['status'],
        expression: (counting, window) => total(counting, API_REQUESTS, { success: 'false' }, window, ['status']),
        truth: ({ apiRequests }) =>
          tally(
            apiRequests.filter(({ success }) => !success),
            ({ status }) => status,
          ),
      }),
      lines('API latency', duration('Until the answer begins.'), 'ms', [
        ...durations(API_DURATION, ({ apiRequests }) => apiRequests.map(({ durationMillis }) => durationMillis)),
      ]),
    ],
  },
  {
    title: 'Telemetry',
    panels: [
      bars(
        'Telemetry lost by signal',
        'Spans, log records and metric points that were refused, or for which there was no room, as far as the process could still report them. What is lost as a process ends is not included.',
        'short',
        {
          legend: '{{signal}}',
          labels: ['signal'],
          expression: (counting, window) => `sum by (signal) (${added(counting, DROPPED, {}, window, ['job'])})`,
          truth: ({ lost }) => lost,
        },
      ),
    ],
  },
];

function stat(title: string, description: string, unit: Panel['unit'], query: Omit<PanelQuery, 'legend'>): Panel {
  return { kind: 'stat', title, description, unit, queries: [{ legend: '', ...query }] };
}

function bars(title: string, description: string, unit: Panel['unit'], query: PanelQuery): Panel {
  return { kind: 'bars', title, description, unit, queries: [query] };
}

function lines(title: string, description: string, unit: Panel['unit'], queries: readonly PanelQuery[]): Panel {
  return { kind: 'lines', title, description, unit, queries };
}

function duration(what: string): string {
  return `${what} The mean is exact; quantiles are estimated within a histogram bucket.`;
}

/** Mean and quantiles of a duration. */
function durations(metric: string, values: (truth: Truth) => readonly number[]): readonly PanelQuery[] {
  const quantiles = [0.5, 0.95].map((share) => ({
    legend: `p${share * 100}`,
    labels: [],
    expression: (counting: Counting, window: Window) => quantile(counting, metric, share, [], window),
    truth: (truth: Truth) => single(quantileOf(share, values(truth), truth.bounds)),
  }));
  return [
    {
      legend: 'mean',
      labels: [],
      expression: (counting, window) => average(counting, metric, [], window),
      truth: (truth) => single(mean(values(truth))),
    },
    ...quantiles,
  ];
}

function cacheHits(labels: readonly string[]): PanelQuery {
  return {
    legend: labels.map((label) => `{{${label}}}`).join(' '),
    labels,
    expression: (counting, window) =>
      ['cached_input', 'input']
        .map((type) => total(counting, TOKENS, { token_type: type }, window, labels))
        .join(' / '),
    truth: ({ model, usage }) =>
      new Map([[labels.length === 0 ? '' : model, usage.cachedInputTokens / usage.inputTokens]]),
  };
}

function total(
  counting: Counting,
  metric: string,
  matchers: Matchers,
  window: Window,
  labels: readonly string[] = [],
): string {
  const by = labels.length === 0 ? '' : ` by (${labels.join(', ')})`;
  return `sum${by} (${added(counting, metric, matchers, window)})`;
}

/** The first kind of tokens without the others, which are part of it. */
function tokens(
  counting: Counting,
  [type, ...minus]: readonly [string, ...string[]],
  labels: readonly string[],
  window: Window,
): string {
  return [type, ...minus].map((kind) => total(counting, TOKENS, { token_type: kind }, window, labels)).join(' - ');
}

function cost(counting: Counting, labels: readonly string[], window: Window): string {
  const terms = parts.map(({ of, price }) => `(${tokens(counting, of, labels, window)}) * $${price}`);
  return `(${terms.join(' + ')}) / 1e6`;
}

/** The part that failed. If nothing failed, there is no series for it. */
function failures(counting: Counting, metric: string, window: Window): string {
  const failed = total(counting, metric, { success: 'false' }, window);
  return `(${failed} or vector(0)) / ${total(counting, metric, {}, window)}`;
}

function average(counting: Counting, metric: string, labels: readonly string[], window: Window): string {
  const [sum, count] = ['sum', 'count'].map((part) => total(counting, `${metric}_${part}`, {}, window, labels));
  return `${sum} / ${count}`;
}

function quantile(
  counting: Counting,
  metric: string,
  share: number,
  labels: readonly string[],
  window: Window,
): string {
  return `histogram_quantile(${share}, ${total(counting, `${metric}_bucket`, {}, window, ['le', ...labels])})`;
}

function single(value: number): Values {
  return new Map([['', value]]);
}

function costOf(usage: TokenUsage): number {
  const usd = (name: string): number => Number(prices.find((price) => price.name === name)?.usd);
  return sums(parts.map((part) => ['', (part.truth(usage) * usd(part.price)) / 1e6])).get('') ?? 0;
}

function eachTool(tools: Truth['tools'], value: (millis: readonly number[]) => number): Values {
  const groups = grouped(tools, ({ tool }) => tool);
  return new Map(
    Array.from(groups, ([tool, calls]) => [tool, value(calls.map(({ durationMillis }) => durationMillis))]),
  );
}

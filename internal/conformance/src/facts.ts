import type {
  Attributed,
  OtlpAttribute,
  OtlpCollector,
  ReceivedLogRecord,
  ReceivedMetric,
  ReceivedSpan,
} from '@codex-otel/otlp-collector';

/** Where a fact belongs, in the order of the report. */
export type FactArea = 'resources' | 'logs' | 'spans' | 'span events' | 'metrics' | 'settings' | 'exit';

/** One thing that can be said about what a program sent: `log codex.sse_event/usage attribute ttft_ms` is `int`. */
export interface Fact {
  readonly area: FactArea;
  /** What is compared: equal in both programs for the same thing. */
  readonly id: string;
  readonly value: string;
}

/** Facts by their id. */
export type Facts = ReadonlyMap<string, Fact>;

/** Attributes with few values, which say what a record means. */
const TELLING_VALUES: ReadonlySet<string> = new Set([
  'attempt',
  'error.message',
  'tool_result_seq',
  'http.response.status_code',
  'success',
  'decision',
  'source',
  'tool_namespace',
  'tool_name',
  'tool_source',
  'input_token_count',
  'output_token_count',
  'cached_token_count',
  'reasoning_token_count',
  'tool_token_count',
  'token_type',
  'codex.turn.token_usage.total_tokens',
  'codex.turn.token_usage.input_tokens',
  'codex.turn.token_usage.output_tokens',
  'gen_ai.usage.input_tokens',
]);

/** Everything that is compared of what a collector received. */
export function factsOf(collector: Pick<OtlpCollector, 'spans' | 'logRecords' | 'metrics'>): Facts {
  const facts = new FactBook();
  for (const record of collector.logRecords()) addLogRecord(facts, record);
  for (const span of collector.spans()) addSpan(facts, span);
  for (const metric of collector.metrics()) addMetric(facts, metric);
  return facts.facts();
}

/** Collects the distinct values that are seen of a thing. */
class FactBook {
  readonly #seen = new Map<string, { readonly area: FactArea; readonly values: Set<string> }>();

  add(area: FactArea, id: string, value: string): void {
    const known = this.#seen.get(id) ?? { area, values: new Set() };
    known.values.add(value);
    this.#seen.set(id, known);
  }

  addAttributes(area: FactArea, of: string, attributes: readonly OtlpAttribute[]): void {
    for (const { key, value } of attributes) {
      this.add(area, `${of} attribute ${key}`, value.kind);
      if (TELLING_VALUES.has(key) && 'value' in value) this.add(area, `${of} value ${key}`, String(value.value));
    }
  }

  facts(): Facts {
    const entries = [...this.#seen].map(([id, { area, values }]) => {
      const value = [...values].sort().join(' | ');
      return [id, { area, id, value }] as const;
    });
    return new Map(entries);
  }
}

function addResource(facts: FactBook, signal: string, resource: Attributed): void {
  for (const { key, value } of resource.typedAttributes) {
    const isOfTheMachine = /^(?:telemetry\.sdk|host\.|service\.version)/.test(key);
    const shown = isOfTheMachine || !('value' in value) ? value.kind : String(value.value);
    facts.add('resources', `resource of ${signal} attribute ${key}`, shown);
  }
}

function addLogRecord(facts: FactBook, record: ReceivedLogRecord): void {
  addResource(facts, 'logs', record.resource);
  const of = `log ${logName(record)}`;
  facts.add('logs', of, 'sent');
  facts.addAttributes('logs', of, record.typedAttributes);
  facts.add('logs', `${of} order`, record.typedAttributes.map(({ key }) => key).join(' '));
  facts.add('logs', `${of} severity`, record.severityText);
  facts.add('logs', `${of} scope`, record.scope.name);
  facts.add('logs', `${of} body`, record.typedBody.kind);
  facts.add('logs', `${of} time`, record.timeUnixNano === 0n ? 'not set' : 'set');
  facts.add('logs', `${of} trace id`, record.traceId === undefined ? 'not set' : 'set');
  const isName = record.eventName === record.attributes['event.name'];
  facts.add('logs', `${of} event name field`, isName ? 'the name of the event' : 'something else');
}

/** An event's name with its form: one name may have several forms. */
function logName({ attributes }: Attributed): string {
  const name = String(attributes['event.name'] ?? '(without a name)');
  if (name !== 'codex.sse_event') return name;
  if ('input_token_count' in attributes) return `${name}/usage`;
  if (!('error.message' in attributes || 'error.type' in attributes)) return `${name}/frame`;
  return 'duration_ms' in attributes ? `${name}/failed` : `${name}/not completed`;
}

function addSpan(facts: FactBook, span: ReceivedSpan): void {
  addResource(facts, 'traces', span.resource);
  const of = `span ${span.name}${'gen_ai.usage.input_tokens' in span.attributes ? '/usage' : ''}`;
  facts.add('spans', of, 'sent');
  facts.add('spans', `${of} kind`, span.kind);
  facts.addAttributes('spans', of, span.typedAttributes);
  for (const event of span.events) {
    const name = `span event ${logName(event)}`;
    facts.add('span events', name, 'sent');
    facts.addAttributes('span events', name, event.typedAttributes);
  }
}

function addMetric(facts: FactBook, metric: ReceivedMetric): void {
  addResource(facts, 'metrics', metric.resource);
  const of = `metric ${metric.name}`;
  facts.add('metrics', of, 'sent');
  const temporality = 'temporality' in metric ? ` ${metric.temporality}` : '';
  facts.add('metrics', `${of} kind`, `${metric.kind}${temporality}, unit '${metric.unit}'`);
  facts.add('metrics', `${of} description`, `'${metric.description}'`);
  for (const point of metric.points) {
    facts.addAttributes('metrics', of, point.typedAttributes);
    if ('bounds' in point) facts.add('metrics', `${of} boundaries`, point.bounds.join(' '));
  }
}

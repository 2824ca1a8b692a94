import { contextFromW3cTraceContext, formatTraceparent } from '@codex-otel/trace-context';
import type { SpanContext } from '@opentelemetry/api';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { SettledResource } from '../values/settled-resource.ts';
import type { PlainLogRecord, PlainMetrics, PlainResource, PlainSpan, PlainSpanContext } from './plain-records.ts';

/** Puts plain data together again into what serialisers and exporters read. */
export class RevivedRecords {
  readonly #resources = new Map<PlainResource, Resource>();

  span({ context, parent, links, resource, ...rest }: PlainSpan): ReadableSpan {
    const spanContext = revivedContext(context);
    return {
      ...rest,
      spanContext: () => spanContext,
      ...(parent && { parentSpanContext: revivedContext(parent) }),
      links: links.map((link) => ({ ...link, context: revivedContext(link.context) })),
      resource: this.#resource(resource),
      ended: true,
    };
  }

  logRecord({ context, resource, ...rest }: PlainLogRecord): ReadableLogRecord {
    return { ...rest, ...(context && { spanContext: revivedContext(context) }), resource: this.#resource(resource) };
  }

  metrics({ resource, scopeMetrics }: PlainMetrics): ResourceMetrics {
    return { resource: this.#resource(resource), scopeMetrics };
  }

  #resource(plain: PlainResource): Resource {
    let resource = this.#resources.get(plain);
    if (resource === undefined) {
      const { attributes, schemaUrl } = plain;
      resource = new SettledResource(attributes, schemaUrl);
      this.#resources.set(plain, resource);
    }
    return resource;
  }
}

function revivedContext({ traceState, ...ids }: PlainSpanContext): SpanContext {
  if (traceState === undefined) return ids;
  const context = contextFromW3cTraceContext(
    { traceparent: formatTraceparent(ids), tracestate: traceState },
    ROOT_CONTEXT,
  );
  const kept = context && trace.getSpanContext(context)?.traceState;
  return kept === undefined ? ids : { ...ids, traceState: kept };
}

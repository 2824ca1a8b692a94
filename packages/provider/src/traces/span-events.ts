import { isTraceSafeTarget } from '@codex-otel/config';
import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';

/** Which span events are exported: only those whose attribute `target` is trace-safe, or all. */
export type SpanEventRule = 'trace-safe' | 'all';

/** Whether a span event may be exported: its attribute `target` says so. */
export function isTraceSafeEvent(attributes: Attributes | undefined): boolean {
  const target = attributes?.target;
  return typeof target === 'string' && isTraceSafeTarget(target);
}

/** Whether a span is about HTTP/2 frames. Exporting such spans over gRPC would create more of them. */
export function isTransportSpan(attributes: Attributes, scope: InstrumentationScope): boolean {
  const target = attributes.target ?? scope.name;
  return typeof target === 'string' && (target === 'h2' || target.startsWith('h2::'));
}

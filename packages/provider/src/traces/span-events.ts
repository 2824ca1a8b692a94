import { isTraceSafeTarget } from '@codex-otel/config';
import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';

/** Which span events leave the process. */
export type SpanEventRule = 'trace-safe' | 'all';

/** Whether an event may leave the process although it stands on a span: its attribute `target` says so. */
export function isTraceSafeEvent(attributes: Attributes | undefined): boolean {
  const target = attributes?.target;
  return typeof target === 'string' && isTraceSafeTarget(target);
}

/** Whether a span is about HTTP/2 frames: exporting those over gRPC would make more of them. */
export function isTransportSpan(attributes: Attributes, scope: InstrumentationScope): boolean {
  const target = attributes.target ?? scope.name;
  return typeof target === 'string' && (target === 'h2' || target.startsWith('h2::'));
}

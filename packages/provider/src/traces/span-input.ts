import type { PlainSpanContext } from '@codex-otel/metrics/otlp';
import type { AnyValue, Attributes, Link, SpanContext, TraceState } from '@opentelemetry/api';
import { isSpanContextValid, SpanKind } from '@opentelemetry/api';

/** A name that is none cannot be encoded, and would take the whole batch with it. */
export function spanName(name: unknown): string {
  return typeof name === 'string' ? name : '';
}

/** A kind that there is; anything else could not be encoded. */
export function spanKind(kind: SpanKind): SpanKind {
  return typeof kind === 'number' && SpanKind[kind] !== undefined ? kind : SpanKind.INTERNAL;
}

/** Whether a link has a span to link to. */
export function isLink(link: Link): boolean {
  try {
    const spanContext: unknown = link?.context;
    return typeof spanContext === 'object' && spanContext !== null && isSpanContextValid(link.context);
  } catch {
    return false;
  }
}

/** An assignment to `__proto__` would be none. */
export function setOwn(attributes: Attributes, key: string, value: AnyValue): void {
  if (key === '__proto__') {
    Object.defineProperty(attributes, key, { value, writable: true, enumerable: true, configurable: true });
  } else attributes[key] = value;
}

/** A span context as plain data; flags and a state that cannot be encoded are left out. */
export function plainSpanContext({ traceId, spanId, traceFlags, isRemote, traceState }: SpanContext): PlainSpanContext {
  return {
    traceId,
    spanId,
    traceFlags: Number.isInteger(traceFlags) && traceFlags >= 0 && traceFlags <= 255 ? traceFlags : 0,
    ...(isRemote === true && { isRemote }),
    ...(traceState !== undefined && { traceState: stateText(traceState) }),
  };
}

function stateText(traceState: TraceState): string | undefined {
  try {
    const text: unknown = traceState.serialize();
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

import type { PlainSpanContext } from '@codex-otel/metrics/otlp';
import type { AnyValue, Attributes, Link, SpanContext, TraceState } from '@opentelemetry/api';
import { isSpanContextValid, SpanKind } from '@opentelemetry/api';

/** The name, or an empty one: an invalid name cannot be encoded and would make the whole batch fail. */
export function spanName(name: unknown): string {
  return typeof name === 'string' ? name : '';
}

/** The kind, or `INTERNAL`: an invalid kind cannot be encoded. */
export function spanKind(kind: SpanKind): SpanKind {
  return typeof kind === 'number' && SpanKind[kind] !== undefined ? kind : SpanKind.INTERNAL;
}

/** Whether a link refers to a valid span context. */
export function isLink(link: Link): boolean {
  try {
    const spanContext: unknown = link?.context;
    return typeof spanContext === 'object' && spanContext !== null && isSpanContextValid(link.context);
  } catch {
    return false;
  }
}

/** Sets an attribute, also one named `__proto__`, where a plain assignment has no effect. */
export function setOwn(attributes: Attributes, key: string, value: AnyValue): void {
  if (key === '__proto__') {
    Object.defineProperty(attributes, key, { value, writable: true, enumerable: true, configurable: true });
  } else attributes[key] = value;
}

/** A span context as plain data, without flags and state that cannot be encoded. */
export function plainSpanContext({ traceId, spanId, traceFlags, isRemote, traceState }: SpanContext): PlainSpanContext {
  const hasFlags = Number.isInteger(traceFlags) && traceFlags >= 0 && traceFlags <= 255;
  const ids = { traceId, spanId, traceFlags: hasFlags ? traceFlags : 0 };
  if (isRemote !== true && traceState === undefined) return ids;
  return {
    ...ids,
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

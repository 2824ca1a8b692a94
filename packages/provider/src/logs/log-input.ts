import type { AnyValue, SeverityNumber } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';
import { isAnyValue } from '../values/kept-attributes.ts';

/** The value if it is a string. A value that cannot be encoded would make its whole record fail. */
export function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The severity if it is one of OpenTelemetry's. */
export function severityOrNone(value: SeverityNumber | undefined): SeverityNumber | undefined {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 24 ? value : undefined;
}

/** A copy of a body, so that later changes by its owner have no effect; `undefined` if it is not plain data. */
export function keptBody(body: AnyValue): AnyValue {
  if (typeof body === 'string' || body === undefined) return body;
  try {
    if (isAnyValue(body)) return copyOf(body);
  } catch {
    // A getter that throws, or a structure that is too deep.
  }
  diag.warn('codex-otel/provider: the body of a log record cannot be encoded and is left out');
  return undefined;
}

/** A copy with its `undefined` parts, which are exported as empty values. */
function copyOf(value: AnyValue): AnyValue {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyOf(part)]));
}

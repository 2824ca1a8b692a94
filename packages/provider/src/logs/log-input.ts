import type { AnyValue, SeverityNumber } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';
import { isAnyValue } from '../values/kept-attributes.ts';

/** What cannot be encoded would take its whole record with it, so it is left out here. */
export function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A severity that there is. */
export function severityOrNone(value: SeverityNumber | undefined): SeverityNumber | undefined {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 24 ? value : undefined;
}

/** A copy of a body, so that what its owner does with it later changes nothing; `undefined` for what is no data. */
export function keptBody(body: AnyValue): AnyValue {
  if (typeof body === 'string' || body === undefined) return body;
  try {
    if (isAnyValue(body)) return copyOf(body);
  } catch {
    // A getter of the owner's, or deeper than a stack.
  }
  diag.warn('codex-otel/provider: the body of a log record cannot be encoded and is left out');
  return undefined;
}

/** With all that is `undefined` in it, which is exported as an empty value. */
function copyOf(value: AnyValue): AnyValue {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyOf(part)]));
}

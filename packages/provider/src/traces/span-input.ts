import { types } from 'node:util';
import type { AnyValue, Attributes, Link } from '@opentelemetry/api';
import { diag, isSpanContextValid } from '@opentelemetry/api';
import { oneLine } from '../one-line.ts';

/** A name that is none cannot be encoded, and would take the whole batch with it. */
export function spanName(name: unknown): string {
  return typeof name === 'string' ? name : '';
}

/** Whether a link has a span to link to. */
export function isLink(link: Link): boolean {
  return isSpanContextValid(link?.context);
}

/** An assignment to `__proto__` would be none. */
export function setOwn(attributes: Attributes, key: string, value: AnyValue): void {
  if (key === '__proto__') {
    Object.defineProperty(attributes, key, { value, writable: true, enumerable: true, configurable: true });
  } else attributes[key] = value;
}

/** A call with what cannot be read changes nothing, and does not reach the agent. */
export function refused(step: string, error: unknown): void {
  diag.error(`codex-otel: ${step} was refused`, errorName(error));
}

/** The text of a foreign error is content. */
function errorName(error: unknown): string {
  return types.isNativeError(error) && typeof error.name === 'string' ? oneLine(error.name) : typeof error;
}

import type { Attributes } from '@opentelemetry/api';

/**
 * The attributes that OpenTelemetry derives from an exception, except those that the record itself has.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/
 */
export function exceptionAttributes(exception: unknown, own: Attributes): Attributes {
  const derived: Attributes = {};
  const add = (key: string, value: unknown) => {
    if (value && !Object.hasOwn(own, key)) derived[key] = String(value);
  };
  if (typeof exception === 'string' || typeof exception === 'number') {
    add('exception.message', exception);
  } else if (typeof exception === 'object' && exception !== null) {
    const { code, name, message, stack }: { code?: unknown; name?: unknown; message?: unknown; stack?: unknown } =
      exception;
    add('exception.type', code || name);
    add('exception.message', message);
    add('exception.stacktrace', stack);
  }
  return derived;
}

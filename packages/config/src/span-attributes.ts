import { OtelConfigError } from './otel-config-error.ts';

/**
 * Checks the attributes that go onto every span.
 *
 * @throws {@link OtelConfigError} at `otel.span_attributes` when a key is empty or a value is not a string.
 */
export function validateSpanAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(attributes)) {
    const found: unknown = value;
    if (key === '') throw new OtelConfigError({ path: 'otel.span_attributes', message: 'found an empty key' });
    if (typeof found !== 'string') {
      throw new OtelConfigError({ path: 'otel.span_attributes', message: `the value of '${key}' is not a string` });
    }
  }
}

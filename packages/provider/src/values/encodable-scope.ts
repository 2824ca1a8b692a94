import type { InstrumentationScope } from '@opentelemetry/core';

/** The scope without values that cannot be encoded: a library may have passed an invalid name or version. */
export function encodableScope(scope: InstrumentationScope): InstrumentationScope {
  const { name, version, schemaUrl } = scope;
  if (typeof name === 'string' && isTextOrNone(version) && isTextOrNone(schemaUrl)) return scope;
  return {
    name: typeof name === 'string' ? name : '',
    ...(typeof version === 'string' && { version }),
    ...(typeof schemaUrl === 'string' && { schemaUrl }),
  };
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

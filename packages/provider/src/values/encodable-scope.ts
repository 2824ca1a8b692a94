import type { InstrumentationScope } from '@opentelemetry/core';

/** A scope as it can be encoded: a library may have asked for a tracer, logger or meter by what is no name. */
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

import type { Attributes } from '@opentelemetry/api';

/** One attribute of a span: how it is sent, and its row in the docs. */
export interface SpanAttribute {
  readonly type: 'string' | 'int' | 'double' | 'bool' | 'string[]';
  /** When the key is not sent; absent for a key that is always sent. */
  readonly absent?: string | undefined;
  /** Unit, rule or known values. */
  readonly about?: string | undefined;
}

/** Attributes by name, in the order they are sent. */
export type SpanAttributeTable = Readonly<Record<string, SpanAttribute>>;

/** A span of this package: the definition that code, docs and tests share. */
export interface SpanDefinition {
  /** Other programs compare it exactly. */
  readonly name: string;
  /** What it covers, for the docs. */
  readonly about: string;
  /** What it is a child of, for the docs. */
  readonly parent: string;
  /** @defaultValue `internal` */
  readonly kind?: 'client' | 'server' | undefined;
  readonly attributes: readonly SpanAttributeTable[];
}

type ValueOf<D> = D extends { readonly type: 'string' }
  ? string
  : D extends { readonly type: 'int' | 'double' }
    ? number
    : D extends { readonly type: 'bool' }
      ? boolean
      : readonly string[];

/** Values of some attributes of a table. */
export type SpanAttributeValues<A> = { readonly [K in keyof A]?: ValueOf<A[K]> | undefined };

/**
 * The values that may be sent, with the types in the table. Types do not stop a JavaScript caller, an object instead of
 * an id may be content, and a span accepts anything. An empty string counts as absent if the key is optional.
 */
export function spanAttributes<const A extends SpanAttributeTable>(
  table: A,
  values: SpanAttributeValues<A>,
): Attributes {
  const sent: Attributes = {};
  for (const key in values) {
    const value: unknown = values[key];
    const attribute = table[key];
    if (attribute === undefined || value === undefined || (value === '' && attribute.absent !== undefined)) continue;
    if (isSent(value, attribute.type)) sent[key] = value;
  }
  return sent;
}

function isSent(value: unknown, type: SpanAttribute['type']): value is string | number | boolean | string[] {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'int':
    case 'double':
      return typeof value === 'number' && Number.isFinite(value);
    case 'bool':
      return typeof value === 'boolean';
    case 'string[]':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
  }
}

/** Attributes of a failed span, besides its status. */
export const failureAttributes = {
  'error.type': { type: 'string', absent: 'no failure', about: 'error code, type or name; never its message' },
} as const;

import type { Attributes } from '@opentelemetry/api';

/** One attribute of a span: how it is sent, and its row in the docs. */
export interface SpanAttribute {
  /** The type it is sent with; values of other types are left out. */
  readonly type: keyof Values;
  /** When the key is not sent; absent for a key that is always sent. */
  readonly absent?: string | undefined;
  /** What it covers: a sentence for the docs. */
  readonly about?: string | undefined;
}

/** Attributes by name, in the order they are sent. */
export type SpanAttributeTable = Readonly<Record<string, SpanAttribute>>;

/** A span of this package: the definition that code, docs and tests share. */
export interface SpanDefinition {
  /** The name of the span, which other programs compare exactly. */
  readonly name: string;
  /** What it covers, for the docs. */
  readonly about: string;
  /** What it is a child of: words for the docs. */
  readonly parent: string;
  /** The span's kind. @defaultValue `internal` */
  readonly kind?: 'client' | 'server' | undefined;
  /** Its attributes, in tables that several spans may share. */
  readonly attributes: readonly SpanAttributeTable[];
}

/** The type of a value in code, by the type that it is sent with. */
interface Values {
  readonly string: string;
  readonly int: number;
  readonly double: number;
  readonly bool: boolean;
  readonly 'string[]': readonly string[];
}

type ValueOf<D> = D extends { readonly type: infer T extends keyof Values } ? Values[T] : never;

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
export const failureAttributes: SpanAttributeTable = {
  'error.type': { type: 'string', absent: 'no failure', about: 'error code, type or name; never its message' },
};

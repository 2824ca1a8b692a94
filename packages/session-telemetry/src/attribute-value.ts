import type { AttributeDefinition } from './attribute-definition.ts';
import { defaultMaxBytes } from './content.ts';
import { utf8Prefix } from './text-limits.ts';

/** What is sent; `undefined` where the key is left out. */
export type SentValue = string | number | boolean | readonly object[] | undefined;

/**
 * Turns a given value into what the definition says is sent. A value of another type is not guessed at: readers
 * compare types, so it is left out, and the recorder counts it.
 */
export function sentValue(attribute: AttributeDefinition, value: unknown): SentValue {
  switch (attribute.type) {
    case 'string':
      return typeof value === 'string' ? cut(attribute, value) : undefined;
    case 'string(d)':
      if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
      return typeof value === 'string' ? cut(attribute, value) : undefined;
    case 'int':
    case 'uint':
      // Clocks give fractions; whoever hands over a duration need not round it.
      return attribute.name.endsWith('_ms') ? wholeAmount(value) : wholeNumber(value);
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'string(b)':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'messages':
    case 'instructions':
      return Array.isArray(value) && value.length > 0 ? value : undefined;
    case 'string(n)':
      return wholeAmount(value)?.toString();
  }
}

/** Whole units of a number that is not negative; what is no such number gives 0, what is too big the biggest. */
export function wholeMillis(value: number): number {
  return value > 0 ? Math.min(Math.trunc(value), Number.MAX_SAFE_INTEGER) : 0;
}

function wholeAmount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? wholeMillis(value) : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return Number.isSafeInteger(number) && typeof number === 'number' ? number + 0 : undefined;
}

/** Where content is cut to a preview, that has its own limit, and the notice on top of it. */
function cut({ maxBytes = defaultMaxBytes }: AttributeDefinition, text: string): string {
  return maxBytes === 'toolResultMaxBytes' ? text : utf8Prefix(text, maxBytes);
}

import type { AttributePlan } from './attribute-definition.ts';
import { defaultMaxBytes } from './content.ts';
import { utf8Prefix } from './text-limits.ts';

/** A value to send; `undefined` leaves the key out. */
export type SentValue = string | number | boolean | readonly object[] | undefined;

/**
 * Converts a value to the type that the definition says. A value of a wrong type is left out, and the recorder counts it;
 * it is not converted by guessing, because readers compare types.
 */
export function sentValue(attribute: Pick<AttributePlan, 'name' | 'type' | 'maxBytes'>, value: unknown): SentValue {
  switch (attribute.type) {
    case 'string':
      return typeof value === 'string' ? cut(attribute, value) : undefined;
    case 'string(d)':
      if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
      return typeof value === 'string' ? cut(attribute, value) : undefined;
    case 'int':
    case 'uint':
      // Clocks give fractions; callers need not round durations.
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

/** A duration cut to whole milliseconds: 0 if negative or not a number, at most the largest safe integer. */
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

/** Previews of tool output are truncated already; their notice exceeds the limit. */
function cut({ maxBytes = defaultMaxBytes }: Pick<AttributePlan, 'maxBytes'>, text: string): string {
  return maxBytes === 'toolResultMaxBytes' ? text : utf8Prefix(text, maxBytes);
}

import type { SpanAttribute, SpanAttributeTable } from '@codex-otel/token-usage';
import type { GenAiAttributeTable } from './gen-ai-attributes.ts';

/** The attributes that the conventions add to a span of Codex's, without those that it has anyway. */
export function addedAttributes(table: GenAiAttributeTable, ...own: readonly SpanAttributeTable[]): SpanAttributeTable {
  const added: Record<string, SpanAttribute> = {};
  for (const [key, attribute] of Object.entries(table)) {
    if (own.some((each) => key in each)) continue;
    const absent = attribute.absent === undefined ? 'no `genAi`' : `no \`genAi\`, or ${attribute.absent}`;
    added[key] = { ...attribute, absent };
  }
  return added;
}

/** A table without the keys of the others. */
export function without(table: SpanAttributeTable, ...others: readonly SpanAttributeTable[]): SpanAttributeTable {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !others.some((other) => key in other)));
}

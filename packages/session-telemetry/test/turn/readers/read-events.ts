import { expect } from '@jest/globals';
import { textProperty } from '../../../src/property.ts';
import type { ResponseEnd, ResponseEvent } from '../../../src/turn/response-event.ts';
import type { StreamFormat } from '../../../src/turn/stream-reader.ts';

/** What a format makes of the events of one stream, in order. */
export function readEvents(format: StreamFormat, events: readonly unknown[]): readonly ResponseEvent[] {
  const reader = format.open();
  return events.map((event) => reader.read(event, textProperty(event, 'type')));
}

/** A usage with these counts, whatever else it has. */
export const tokens = (inputTokens: number, outputTokens: number): unknown =>
  expect.objectContaining({ inputTokens, outputTokens });

/** An end with all its fields: `undefined` where nothing else is said. */
export function endWith(fields: { readonly [field in keyof ResponseEnd]?: unknown }): unknown {
  return { ...nothing, ...fields };
}

const nothing: { readonly [field in keyof ResponseEnd]: unknown } = {
  status: 'completed',
  identity: undefined,
  responseId: undefined,
  model: undefined,
  serviceTier: undefined,
  reasoningEffort: undefined,
  usage: undefined,
  finishReason: undefined,
  problem: undefined,
  error: undefined,
};

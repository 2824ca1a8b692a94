import { expect } from '@jest/globals';
import { textProperty } from '../../../src/property.ts';
import type { ResponseEnd, ResponseEvent } from '../../../src/turn/response-event.ts';
import type { StreamFormat } from '../../../src/turn/stream-reader.ts';

/** What a format reads from the events of one stream, in order. */
export function readEvents(format: StreamFormat, events: readonly unknown[]): readonly ResponseEvent[] {
  const reader = format.open();
  return events.map((event) => reader.read(event, textProperty(event, 'type')));
}

/** A usage with these counts, and with any other fields. */
export const tokens = (inputTokens: number, outputTokens: number): unknown =>
  expect.objectContaining({ inputTokens, outputTokens });

/** An end with all its fields: `undefined` unless another value is given. */
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

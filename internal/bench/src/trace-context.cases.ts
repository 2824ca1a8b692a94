import { W3cPropagator } from '@codex-otel/trace-context';
import type { TextMapPropagator } from '@opentelemetry/api';
import { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { OperationCase } from './operations.ts';

/** The tracestate that comes in. */
export const shapes = ['no tracestate', '1 member', '4 members', '32 members'] as const;
export type Shape = (typeof shapes)[number];

/** The name of one case. */
export function caseName(implementation: 'ours' | 'otel', shape: Shape): string {
  return `${implementation}, ${shape}`;
}

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function list(members: number): string {
  return Array.from({ length: members }, (_, index) => `vendor${index}=00f067aa0ba9${index}`).join(',');
}

const headers: Record<Shape, Readonly<Record<string, string>>> = {
  'no tracestate': { traceparent },
  '1 member': { traceparent, tracestate: list(1) },
  '4 members': { traceparent, tracestate: list(4) },
  '32 members': { traceparent, tracestate: list(32) },
};

/** Extracts from one request and injects into the next. */
function roundTrip(propagator: TextMapPropagator, shape: Shape): OperationCase {
  return () => {
    const incoming = headers[shape];
    return () => {
      const context = propagator.extract(ROOT_CONTEXT, incoming, defaultTextMapGetter);
      propagator.inject(context, {}, defaultTextMapSetter);
    };
  };
}

/** What {@link measureOperations} runs. */
export const cases: Readonly<Record<string, OperationCase>> = Object.fromEntries(
  shapes.flatMap((shape) => [
    [caseName('ours', shape), roundTrip(new W3cPropagator(), shape)],
    [caseName('otel', shape), roundTrip(new W3CTraceContextPropagator(), shape)],
  ]),
);

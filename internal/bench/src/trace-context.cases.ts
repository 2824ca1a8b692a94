import { randomBytes } from 'node:crypto';
import { W3cPropagator } from '@codex-otel/trace-context';
import type { TextMapPropagator } from '@opentelemetry/api';
import { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { OperationCase } from './operations.ts';

/** The tracestate that comes in. */
export const shapes = ['no tracestate', '1 member', '4 members', '16 members', '32 members'] as const;
export type Shape = (typeof shapes)[number];

/** The name of one case. */
export function caseName(implementation: 'ours' | 'otel', shape: Shape): string {
  return `${implementation}, ${shape}`;
}

const members: Record<Shape, number> = {
  'no tracestate': 0,
  '1 member': 1,
  '4 members': 4,
  '16 members': 16,
  '32 members': 32,
};

function hex(digits: number): string {
  return randomBytes(digits).toString('hex').slice(0, digits);
}

/** Members of 15 characters: 32 of them are the 512 characters that OpenTelemetry's propagator carries. */
function list(count: number): string {
  return Array.from({ length: count }, (_, index) => `v${index}=`)
    .map((key) => key + hex(15 - key.length))
    .join(',');
}

/** The headers of one request: every trace has ids of its own, as it has in production. */
function headers(shape: Shape): Readonly<Record<string, string>> {
  const traceparent = `00-${hex(32)}-${hex(16)}-01`;
  return members[shape] === 0 ? { traceparent } : { traceparent, tracestate: list(members[shape]) };
}

/** Extracts from one request and injects into the next. */
function roundTrip(propagator: TextMapPropagator, shape: Shape): OperationCase {
  return () => {
    const requests = Array.from({ length: 1024 }, () => headers(shape));
    return (index) => {
      const context = propagator.extract(ROOT_CONTEXT, requests[index % requests.length], defaultTextMapGetter);
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

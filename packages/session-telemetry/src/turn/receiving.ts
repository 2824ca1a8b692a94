import type { Context, Span } from '@opentelemetry/api';
import type { InferenceCall } from './gen-ai/inference-call.ts';
import type { StreamFailure } from './response-event.ts';
import type { Sampling } from './turn-timeline.ts';

/** A response that is being received, or was. */
export interface Receiving {
  readonly span: Span;
  readonly context: Context;
  readonly startedAt: number;
  /** The request that it answers, as time of the turn. */
  readonly sampling: Sampling;
  /** The same in the words of the GenAI conventions, where they are followed. */
  readonly call: InferenceCall | undefined;
  /** When its last event came. */
  lastAt: number;
  deltaCount: number;
  firstTokenAt: number | undefined;
  /** What tells it from others, as far as is known. */
  identity: string | undefined;
  /** What a stream event told of its failure. */
  failure: StreamFailure | undefined;
  /** Whether it is recorded that it will not be completed, which happens once. */
  uncompleted: boolean;
  /** Whether its span has ended. */
  closed: boolean;
  /** Whether its end was told. */
  ended: boolean;
  /** Whether its usage is recorded, which happens once. */
  usageKnown: boolean;
}

export function newReceiving(
  span: Span,
  context: Context,
  startedAt: number,
  sampling: Sampling,
  call: InferenceCall | undefined,
): Receiving {
  return {
    span,
    context,
    startedAt,
    sampling,
    call,
    lastAt: startedAt,
    deltaCount: 0,
    firstTokenAt: undefined,
    identity: undefined,
    failure: undefined,
    uncompleted: false,
    closed: false,
    ended: false,
    usageKnown: false,
  };
}

import type {
  Attributes,
  AttributeValue,
  Context,
  Exception,
  Link,
  Span,
  SpanContext,
  SpanOptions,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';
import { isLink } from '../traces/span-input.ts';
import { approximateBytes } from '../values/item-size.ts';
import { refused } from '../values/refused.ts';
import type { DeferredQueue } from './deferred-queue.ts';
import type { DeferredTarget } from './deferred-target.ts';

/** Options for {@link DeferredSpan}. */
export interface DeferredSpanOptions {
  readonly queue: DeferredQueue;
  readonly spanContext: SpanContext;
  readonly name: string;
  readonly options: SpanOptions;
  readonly context: Context;
}

/** A span that remembers the calls on it, with their times, until a provider can record it. */
export class DeferredSpan implements Span {
  readonly #queue: DeferredQueue;
  readonly #spanContext: SpanContext;
  #steps: ((span: Span) => void)[] = [];
  /** The recorded span, after delivery. */
  #span: Span | undefined;
  #ended = false;

  constructor({ queue, spanContext, name, options, context }: DeferredSpanOptions) {
    this.#queue = queue;
    this.#spanContext = spanContext;
    const started = { ...options, startTime: options.startTime ?? Date.now() };
    const bytes = name.length + approximateBytes(options.attributes);
    const waits = queue.defer('traces', bytes, (target) => {
      this.#deliver(target, name, started, context);
    });
    if (!waits) this.#forget();
  }

  spanContext(): SpanContext {
    return this.#spanContext;
  }

  setAttribute(key: string, value: AttributeValue): this {
    return this.#step(
      'setAttribute',
      () => approximateBytes(value),
      (span) => span.setAttribute(key, value),
    );
  }

  setAttributes(attributes: Attributes): this {
    let copy: Attributes = {};
    const bytes = () => {
      copy = { ...attributes };
      return approximateBytes(copy);
    };
    return this.#step('setAttributes', bytes, (span) => span.setAttributes(copy));
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    const now = Date.now();
    let attributes: Attributes | undefined;
    let at: TimeInput = time ?? now;
    const bytes = () => {
      if (isTime(attributesOrTime)) at = time ?? attributesOrTime;
      else attributes = { ...attributesOrTime };
      return approximateBytes(attributes);
    };
    return this.#step('addEvent', bytes, (span) => span.addEvent(name, attributes, at));
  }

  addLink(link: Link): this {
    if (!isLink(link)) return this;
    return this.#step(
      'addLink',
      () => approximateBytes(link.attributes),
      (span) => span.addLink(link),
    );
  }

  addLinks(links: Link[]): this {
    try {
      if (Array.isArray(links)) for (const link of links) this.addLink(link);
    } catch (error) {
      refused('addLinks', error);
    }
    return this;
  }

  setStatus(status: SpanStatus): this {
    return this.#step(
      'setStatus',
      () => 0,
      (span) => span.setStatus(status),
    );
  }

  updateName(name: string): this {
    return this.#step(
      'updateName',
      () => name.length,
      (span) => span.updateName(name),
    );
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const now = Date.now();
    const bytes = () => approximateBytes(exception);
    this.#step('recordException', bytes, (span) => span.recordException(exception, time ?? now));
  }

  end(endTime?: TimeInput): void {
    const now = Date.now();
    // Kept even if there is no room: without it the span would never end.
    if (this.#span !== undefined) this.#span.end(endTime);
    else if (this.isRecording()) this.#steps.push((span) => span.end(endTime ?? now));
    this.#ended = true;
  }

  isRecording(): boolean {
    // Connected without a span: there is no provider.
    return this.#span?.isRecording() ?? (!this.#ended && !this.#queue.connected);
  }

  /** Remembers a call, or makes it at once if the span is already recorded. */
  #step(what: string, bytes: () => number, step: (span: Span) => void): this {
    try {
      const size = bytes();
      if (this.#span !== undefined) step(this.#span);
      else if (this.isRecording() && this.#queue.reserve('traces', size)) this.#steps.push(step);
    } catch (error) {
      refused(what, error);
    }
    return this;
  }

  #deliver(target: DeferredTarget, name: string, options: SpanOptions, context: Context): void {
    const { traceId, spanId } = this.#spanContext;
    this.#span = target.startSpan({ traceId, spanId }, name, options, context);
    for (const step of this.#steps) step(this.#span);
    this.#steps = [];
  }

  #forget(): void {
    this.#span = trace.wrapSpanContext(this.#spanContext);
  }
}

function isTime(value: Attributes | TimeInput | undefined): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value);
}

import type { Context, Span, SpanOptions, Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';
import { ProxyTracerProvider as ApiProxyTracerProvider } from '@opentelemetry/api';
import type { StartActiveArguments } from './start-active.ts';

/** Gives tracers that only pass on the parent's context. */
export const noopTracerProvider: TracerProvider = new ApiProxyTracerProvider();

/**
 * A tracer provider whose tracers use its newest delegate. Libraries keep the tracer that they got first for the life
 * of the process. A tracer of the API's own proxy stays with its first delegate; with this one it survives a second
 * provider.
 */
export class ProxyTracerProvider implements TracerProvider {
  #delegate: TracerProvider = noopTracerProvider;

  setDelegate(delegate: TracerProvider | undefined): void {
    this.#delegate = delegate ?? noopTracerProvider;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    return new ProxyTracer(() => this.#delegate, name, version, options);
  }
}

class ProxyTracer implements Tracer {
  readonly #delegate: () => TracerProvider;
  readonly #scope: readonly [string, string | undefined, TracerOptions | undefined];
  #provider: TracerProvider | undefined;
  #tracer: Tracer;

  constructor(delegate: () => TracerProvider, name: string, version?: string, options?: TracerOptions) {
    this.#delegate = delegate;
    this.#scope = [name, version, options];
    this.#tracer = this.#current();
  }

  /** The tracer of the newest provider. A shutdown of that provider recognises its open turns by it. */
  get target(): Tracer {
    return this.#current();
  }

  startSpan(name: string, options?: SpanOptions, context?: Context): Span {
    return this.#current().startSpan(name, options, context);
  }

  // The overloads differ in the position of the function, so the arguments are passed on as they are.
  startActiveSpan<F extends (span: Span) => unknown>(...args: StartActiveArguments<F>): ReturnType<F> {
    const tracer = this.#current();
    return Reflect.apply(tracer.startActiveSpan, tracer, args);
  }

  #current(): Tracer {
    const provider = this.#delegate();
    if (provider !== this.#provider) {
      this.#provider = provider;
      this.#tracer = provider.getTracer(...this.#scope);
    }
    return this.#tracer;
  }
}

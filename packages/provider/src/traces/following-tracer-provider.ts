import type { Context, Span, SpanOptions, Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';
import { ProxyTracerProvider } from '@opentelemetry/api';
import type { StartActiveArguments } from './start-active.ts';

/** Gives tracers that do nothing but pass the parent's context on. */
export const noopTracerProvider: TracerProvider = new ProxyTracerProvider();

/**
 * A tracer provider whose tracers always use the provider followed last. Libraries keep the tracer that they
 * got first for the life of the process; with this one they survive a second provider.
 */
export class FollowingTracerProvider implements TracerProvider {
  #followed: TracerProvider = noopTracerProvider;

  follow(provider: TracerProvider | undefined): void {
    this.#followed = provider ?? noopTracerProvider;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    return new FollowingTracer(() => this.#followed, name, version, options);
  }
}

class FollowingTracer implements Tracer {
  readonly #followed: () => TracerProvider;
  readonly #scope: readonly [string, string | undefined, TracerOptions | undefined];
  #provider: TracerProvider | undefined;
  #tracer: Tracer;

  constructor(followed: () => TracerProvider, name: string, version?: string, options?: TracerOptions) {
    this.#followed = followed;
    this.#scope = [name, version, options];
    this.#tracer = this.#current();
  }

  startSpan(name: string, options?: SpanOptions, context?: Context): Span {
    return this.#current().startSpan(name, options, context);
  }

  // The overloads differ in where the function stands; arguments are handed on as they came.
  startActiveSpan<F extends (span: Span) => unknown>(...args: StartActiveArguments<F>): ReturnType<F> {
    const tracer = this.#current();
    return Reflect.apply(tracer.startActiveSpan, tracer, args);
  }

  #current(): Tracer {
    const provider = this.#followed();
    if (provider !== this.#provider) {
      this.#provider = provider;
      this.#tracer = provider.getTracer(...this.#scope);
    }
    return this.#tracer;
  }
}

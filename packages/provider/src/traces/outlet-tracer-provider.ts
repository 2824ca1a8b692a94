import type { OtelSampler } from '@codex-otel/config';
import type { PlainResource, PlainSpan } from '@codex-otel/metrics/otlp';
import type { Attributes, Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';
import { OutletTracer } from './outlet-tracer.ts';
import type { SpanEventRule } from './span-events.ts';
import { spanSampler } from './span-sampler.ts';

/** Options for {@link OutletTracerProvider}. */
export interface OutletTracerProviderOptions {
  readonly resource: PlainResource;
  readonly sink: { push(span: PlainSpan): void };
  readonly spanEvents: SpanEventRule;
  /** Set on every span when it starts; a later value for the same key wins. */
  readonly spanAttributes?: Attributes | undefined;
  readonly sampler?: OtelSampler | undefined;
}

/**
 * Tracers whose spans go directly into the outlet. The exported bytes equal those of the SDK's spans, but the SDK is
 * not loaded; it would be most of telemetry's cost at the start of an agent.
 */
export class OutletTracerProvider implements TracerProvider {
  readonly #options: OutletTracerProviderOptions;
  readonly #tracers = new Map<string, OutletTracer>();

  constructor(options: OutletTracerProviderOptions) {
    this.#options = options;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    return this.outletTracer(name, version, options);
  }

  /** {@link OutletTracerProvider.getTracer} with the type of our own tracers. */
  outletTracer(name: string, version?: string, options?: TracerOptions): OutletTracer {
    const schemaUrl = options?.schemaUrl;
    // The same scope must be the same object: batches are grouped by it.
    const key = JSON.stringify([name, version, schemaUrl]);
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const scope = {
      name,
      ...(version === undefined ? {} : { version }),
      ...(schemaUrl === undefined ? {} : { schemaUrl }),
    };
    const { resource, sink, spanEvents, spanAttributes = {}, sampler } = this.#options;
    const origin = { scope, resource, sink, spanEvents };
    const tracer = new OutletTracer({ origin, spanAttributes, sampler: spanSampler(sampler) });
    this.#tracers.set(key, tracer);
    return tracer;
  }
}

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
  /** Set on every span as it starts; what the span sets later under the same key wins. */
  readonly spanAttributes?: Attributes | undefined;
  readonly sampler?: OtelSampler | undefined;
}

/**
 * Tracers whose spans go straight into the outlet. They record what the SDK's would, byte for byte once
 * exported, without loading it: the SDK would be most of what an agent's start pays for telemetry.
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

  /** {@link OutletTracerProvider.getTracer} with all that our tracers can do. */
  outletTracer(name: string, version?: string, options?: TracerOptions): OutletTracer {
    const schemaUrl = options?.schemaUrl;
    // A scope must keep its identity: batches are grouped by it.
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

import type { OtelSettings } from '@codex-otel/config';
import type { TracerProvider as ApiTracerProvider } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { SpanSink } from './outlet-span-processor.ts';
import { OutletSpanProcessor } from './outlet-span-processor.ts';
import { PrimedIdGenerator } from './primed-id-generator.ts';
import type { SpanEventRule } from './span-record.ts';
import { spanSampler } from './span-sampler.ts';

/** Options for {@link createSdkTracerProvider}. */
export interface SdkTracerProviderOptions {
  readonly resource: Resource;
  readonly sink: SpanSink;
  readonly spanEvents: SpanEventRule;
}

/** A tracer provider, and where it has its ids from. */
export interface SdkTracerProvider {
  readonly provider: ApiTracerProvider;
  readonly ids: PrimedIdGenerator;
}

/** OpenTelemetry's own tracer provider with our outlet at its end. The SDK loads with this module. */
export function createSdkTracerProvider(
  settings: Pick<OtelSettings, 'sampler' | 'spanAttributes'>,
  { resource, sink, spanEvents }: SdkTracerProviderOptions,
): SdkTracerProvider {
  const ids = new PrimedIdGenerator();
  const provider = new TracerProvider({
    resource,
    idGenerator: ids,
    sampler: spanSampler(settings.sampler),
    spanProcessors: [new OutletSpanProcessor({ sink, spanEvents, spanAttributes: settings.spanAttributes ?? {} })],
  });
  return { provider, ids };
}

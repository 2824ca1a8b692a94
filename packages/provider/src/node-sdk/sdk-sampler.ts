import type { OtelRootSampler, OtelSampler } from '@codex-otel/config';
import type { Sampler } from '@opentelemetry/sdk-trace';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** The SDK's sampler for a sampler of the settings. By default a span is sampled unless its parent is not. */
export function sdkSampler(sampler: OtelSampler = { kind: 'parent-based', root: { kind: 'always-on' } }): Sampler {
  return sampler.kind === 'parent-based'
    ? new ParentBasedSampler({ root: rootSampler(sampler.root) })
    : rootSampler(sampler);
}

function rootSampler(sampler: OtelRootSampler): Sampler {
  switch (sampler.kind) {
    case 'always-on':
      return new AlwaysOnSampler();
    case 'always-off':
      return new AlwaysOffSampler();
    case 'trace-id-ratio':
      return new TraceIdRatioBasedSampler(sampler.ratio);
  }
}

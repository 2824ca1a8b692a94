import type { OtelRootSampler, OtelSampler } from '@codex-otel/config';
import type { SpanContext } from '@opentelemetry/api';
import { isSpanContextValid, TraceFlags } from '@opentelemetry/api';

/** Decides whether a span is recorded, from its trace id and its parent. */
export type SpanSampler = (traceId: string, parent: SpanContext | undefined) => boolean;

const highestSample = 2 ** 32 - 1;

/** The sampler of the settings. By default a span is recorded unless its parent is not. */
export function spanSampler(sampler: OtelSampler = { kind: 'parent-based', root: { kind: 'always-on' } }): SpanSampler {
  if (sampler.kind !== 'parent-based') return rootSampler(sampler);
  const root = rootSampler(sampler.root);
  return (traceId, parent) =>
    parent === undefined || !isSpanContextValid(parent)
      ? root(traceId, parent)
      : (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
}

function rootSampler(sampler: OtelRootSampler): SpanSampler {
  switch (sampler.kind) {
    case 'always-on':
      return () => true;
    case 'always-off':
      return () => false;
    case 'trace-id-ratio':
      return ratioSampler(sampler.ratio);
  }
}

/** Chooses the same traces as OpenTelemetry's ratio sampler, which services before or after this one may use. */
function ratioSampler(ratio: number): SpanSampler {
  const bound = ratio >= 1 ? highestSample + 1 : Math.floor(Math.max(0, ratio || 0) * highestSample);
  return (traceId) => {
    let sample = 0;
    for (let at = 0; at < 32; at += 8) sample ^= Number.parseInt(traceId.slice(at, at + 8), 16);
    return sample >>> 0 < bound;
  };
}

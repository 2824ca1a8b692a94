import type { AggregationTemporality, InstrumentType, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { InstrumentKind } from './instrument.ts';

/**
 * Whether points count since the last export (`delta`) or since the start (`cumulative`); `lowmemory` is delta
 * for counters and histograms, cumulative for gauges.
 */
export type TemporalityPreference = 'delta' | 'cumulative' | 'lowmemory';

/** Tells for each kind of instrument whether its points are cumulative. */
export type Temporality = (kind: InstrumentKind) => boolean;

const variable = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
const cumulative = 1 satisfies AggregationTemporality.CUMULATIVE;

/**
 * What counts first: the setting, then what the exporter itself asks for, then the environment, then delta.
 */
export function chooseTemporality(options: {
  readonly preference: TemporalityPreference | undefined;
  readonly exporter: PushMetricExporter | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Temporality {
  const { preference, exporter, env } = options;
  if (preference === undefined && exporter?.selectAggregationTemporality !== undefined) {
    return (kind) => exporter.selectAggregationTemporality?.(instrumentType(kind)) === cumulative;
  }
  return preferredTemporality(preference ?? preferenceFromEnvironment(env));
}

/** Since the last collection, for all kinds. */
export const deltaTemporality: Temporality = () => false;

function preferredTemporality(preference: TemporalityPreference): Temporality {
  switch (preference) {
    case 'delta':
      return deltaTemporality;
    case 'cumulative':
      return () => true;
    case 'lowmemory':
      return (kind) => kind === 'gauge' || kind === 'observable-gauge';
  }
}

/** Anything but the three known words counts as absent. */
function preferenceFromEnvironment(env: Readonly<Record<string, string | undefined>>): TemporalityPreference {
  const word = env[variable]?.trim().toLowerCase();
  return word === 'cumulative' || word === 'lowmemory' ? word : 'delta';
}

/** The SDK's word for a kind; its enum is spelled here because the SDK loads only when something is exported. */
function instrumentType(kind: InstrumentKind): InstrumentType {
  const types: Readonly<Record<InstrumentKind, `${InstrumentType}`>> = {
    counter: 'COUNTER',
    histogram: 'HISTOGRAM',
    gauge: 'GAUGE',
    'observable-gauge': 'OBSERVABLE_GAUGE',
  };
  return types[kind] as InstrumentType; // a string enum's values, checked by the template type above
}

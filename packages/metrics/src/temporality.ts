import type { AggregationTemporality, InstrumentType, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { InstrumentKind } from './instrument.ts';

/**
 * Whether points count since the last export (`delta`) or since the start (`cumulative`). `lowmemory` is delta for
 * counters and histograms, cumulative for gauges.
 */
export type TemporalityPreference = 'delta' | 'cumulative' | 'lowmemory';

/** Whether the points of a kind of instrument are cumulative. */
export type Temporality = (kind: InstrumentKind) => boolean;

const variable = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
const cumulative = 1 satisfies AggregationTemporality.CUMULATIVE;

/**
 * The temporality, from the first that has one: the setting, the exporter, the environment, else delta.
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

/** A value other than the three known ones counts as absent. */
function preferenceFromEnvironment(env: Readonly<Record<string, string | undefined>>): TemporalityPreference {
  const word = env[variable]?.trim().toLowerCase();
  return word === 'cumulative' || word === 'lowmemory' ? word : 'delta';
}

/** The SDK's name of a kind. Its enum is spelled out here, since the SDK is not loaded. */
function instrumentType(kind: InstrumentKind): InstrumentType {
  const types: Readonly<Record<InstrumentKind, `${InstrumentType}`>> = {
    counter: 'COUNTER',
    histogram: 'HISTOGRAM',
    gauge: 'GAUGE',
    'observable-gauge': 'OBSERVABLE_GAUGE',
  };
  return types[kind] as InstrumentType; // a string enum's values, checked by the template type above
}

import type { OtelSettings, OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { SeverityNumber, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import { OutletLoggerProvider } from '../logs/outlet-logger-provider.ts';
import { signalResources } from '../setup/telemetry-resource.ts';
import { OutletTracerProvider } from '../traces/outlet-tracer-provider.ts';

/** Scope and name of the items that a check sends. */
export const checkScope = 'codex_otel.check';

/** The item that a check of a signal sends, made as the provider makes it. */
export function checkItem<S extends OtelSignal>(signal: S, settings: OtelSettings): SignalItems[S] {
  const makers: { readonly [Each in OtelSignal]: () => SignalItems[Each] } = {
    traces: () => span(settings),
    logs: () => logRecord(settings),
    metrics: () => emptyMetric(settings),
  };
  return makers[signal]();
}

function span(settings: OtelSettings): SignalItems['traces'] {
  const { traces: resource } = signalResources(settings, undefined);
  return only((sink) => {
    const tracers = new OutletTracerProvider({ resource, sink, spanEvents: 'trace-safe' });
    tracers.getTracer(checkScope).startSpan(checkScope, { root: true }).end();
  });
}

function logRecord(settings: OtelSettings): SignalItems['logs'] {
  const { logs: resource } = signalResources(settings, undefined);
  return only((sink) => {
    new OutletLoggerProvider({ resource, sink }).getLogger(checkScope).emit({
      eventName: checkScope,
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      attributes: { 'event.name': checkScope },
    });
  });
}

/** A counter without a data point: a back end checks its temporality and begins no series. */
function emptyMetric(settings: OtelSettings): SignalItems['metrics'] {
  const isCumulative = settings.temporality === 'cumulative';
  const descriptor = { name: checkScope, description: '', unit: '', valueType: ValueType.INT };
  return {
    resource: signalResources(settings, undefined).metrics,
    scopeMetrics: [
      {
        scope: { name: checkScope },
        metrics: [
          {
            descriptor: descriptor,
            aggregationTemporality: isCumulative ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA,
            dataPointType: DataPointType.SUM,
            dataPoints: [],
            isMonotonic: true,
          },
        ],
      },
    ],
  };
}

/** The one item that reaches a sink. */
function only<Item>(make: (sink: { push(item: Item): void }) => void): Item {
  const items: Item[] = [];
  make({ push: (item) => items.push(item) });
  const [item] = items;
  if (item === undefined) throw new Error('the item of a check was not recorded');
  return item;
}

export type { AnswerBehaviour, Behaviour, ConnectionBehaviour } from './behaviour.ts';
export type { OtlpCollector, OtlpCollectorOptions } from './collector.ts';
export { startOtlpCollector } from './collector.ts';
export type { CollectorTls } from './collector-tls.ts';
export type { ExportRequest, PartialSuccess } from './definitions.ts';
export {
  decodeRequest,
  encodeResponse,
  grpcPath,
  plainRequest,
  stringifyResponse,
} from './definitions.ts';
export type { Attributed, OtlpAttribute, OtlpValue, PlainAttributes, PlainValue } from './otlp-value.ts';
export type { ReceivedLogRecord } from './received-log-record.ts';
export type {
  ReceivedExemplar,
  ReceivedExponentialHistogramPoint,
  ReceivedHistogramPoint,
  ReceivedMetric,
  ReceivedNumberPoint,
  ReceivedPoint,
  ReceivedSummaryPoint,
  Temporality,
} from './received-metric.ts';
export type { Origin, ReceivedResource, ReceivedScope } from './received-resource.ts';
export type { ReceivedSpan, ReceivedSpanEvent, ReceivedSpanKind, ReceivedSpanLink } from './received-span.ts';
export type { Signal } from './signal.ts';
export { SIGNALS } from './signal.ts';
export type { ReceivedRequest } from './store.ts';

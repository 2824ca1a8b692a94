export type { MetricsSink, Tags, Timer } from './metrics-sink.ts';

export type { Pipeline, Received } from './pipeline.ts';
export { MODEL, startPipeline, THREAD_ID } from './pipeline.ts';
export { inOrder, metricSum, recordsOf, responseUsage, spansWithUsage, turnUsage, usageRecords } from './received.ts';
export type { ApiUsage, StreamEvent } from './streams.ts';
export { demoScript, expectedUsage, responsesOf, shippedStream, streamOf, sumUsage } from './streams.ts';

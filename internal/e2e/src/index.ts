export { MODEL, startPipeline } from './pipeline.ts';
export { inOrder, metricSum, recordsOf, responseUsage, spansWithUsage, turnUsage, usageRecords } from './received.ts';
export { demoSession, furtherSession } from './sessions.ts';
export type { StreamEvent } from './streams.ts';
export { demoScript, responsesOf, shippedStream, streamOf, sumUsage } from './streams.ts';

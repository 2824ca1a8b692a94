export type { Attributes, AttributeValue, LogRecord, Span, SpanEvent, Telemetry } from './model/telemetry.ts';
export { writeReport } from './report-file.ts';
export type { TurnReport, TurnReportOptions } from './server/turn-report.ts';
export { startTurnReport } from './server/turn-report.ts';

export { collectedTelemetry } from './collected-telemetry.ts';
export { writeReport } from './report-file.ts';

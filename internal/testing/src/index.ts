export type { TestCertificate, TestCertificates } from './certificates.ts';
export { createTestCertificates } from './certificates.ts';
export { childLimits, sourceFlags, typeScriptFlags } from './child-process.ts';
export { chromiumArguments, chromiumPath } from './chromium.ts';
export { describeIfPresent } from './describe-if-present.ts';
export { patience } from './patience.ts';
export type { RecordedEvent } from './recordings.ts';
export { recordedCodexTelemetry, recordedEvents, recordedStreams, recordingsPresent } from './recordings.ts';
export { filesWithTypeErrors } from './type-errors.ts';

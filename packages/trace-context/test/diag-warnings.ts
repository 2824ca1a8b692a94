import { afterEach, beforeEach } from '@jest/globals';
import { DiagLogLevel, diag } from '@opentelemetry/api';

/** The warnings that `diag` gets in each test of the file. */
export function diagWarnings(): readonly string[] {
  const warnings: string[] = [];
  beforeEach(() => {
    warnings.length = 0;
    const ignore = () => undefined;
    diag.setLogger(
      { verbose: ignore, debug: ignore, info: ignore, error: ignore, warn: (message) => warnings.push(message) },
      DiagLogLevel.ALL,
    );
  });
  afterEach(() => diag.disable());
  return warnings;
}

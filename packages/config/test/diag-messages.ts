import { afterEach, beforeEach } from '@jest/globals';
import { DiagLogLevel, diag } from '@opentelemetry/api';

/** The messages on `diag` during a test: `warn: …` and `info: …`. Registers the hooks that start and end it. */
export function diagMessages(): readonly string[] {
  const messages: string[] = [];
  const listen = (level: string) => (message: string) => {
    messages.push(`${level}: ${message}`);
  };
  beforeEach(() => {
    messages.length = 0;
    const logger = {
      error: listen('error'),
      warn: listen('warn'),
      info: listen('info'),
      debug: () => {},
      verbose: () => {},
    };
    diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  });
  afterEach(() => diag.disable());
  return messages;
}

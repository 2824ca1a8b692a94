import type { Logger, LoggerOptions, LoggerProvider, LogRecord } from '@opentelemetry/api';
import { createNoopLogger } from '@opentelemetry/api';

/** A logger provider whose loggers use its newest delegate; without a delegate they do nothing. */
export class ProxyLoggerProvider implements LoggerProvider {
  #delegate: LoggerProvider | undefined;

  setDelegate(delegate: LoggerProvider | undefined): void {
    this.#delegate = delegate;
  }

  getLogger(name: string, version?: string, options?: LoggerOptions): Logger {
    const noop = createNoopLogger();
    let provider: LoggerProvider | undefined;
    let logger = noop;
    const current = (): Logger => {
      if (provider !== this.#delegate) {
        provider = this.#delegate;
        logger = provider?.getLogger(name, version, options) ?? noop;
      }
      return logger;
    };
    return {
      emit: (record: LogRecord) => current().emit(record),
      enabled: (asked) => current().enabled(asked),
    };
  }
}

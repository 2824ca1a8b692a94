import type { Logger, LoggerOptions, LoggerProvider, LogRecord } from '@opentelemetry/api';
import { createNoopLogger } from '@opentelemetry/api';

/** A logger provider whose loggers always use the provider followed last. */
export class FollowingLoggerProvider implements LoggerProvider {
  #followed: LoggerProvider | undefined;

  follow(provider: LoggerProvider | undefined): void {
    this.#followed = provider;
  }

  getLogger(name: string, version?: string, options?: LoggerOptions): Logger {
    const noop = createNoopLogger();
    let provider: LoggerProvider | undefined;
    let logger = noop;
    const current = (): Logger => {
      if (provider !== this.#followed) {
        provider = this.#followed;
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

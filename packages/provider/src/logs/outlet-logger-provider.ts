import { isLogExportTarget } from '@codex-otel/config';
import type { PlainResource } from '@codex-otel/metrics/otlp';
import type { Logger, LoggerProvider } from '@opentelemetry/api';
import { createNoopLogger } from '@opentelemetry/api';
import type { LogSink } from './outlet-logger.ts';
import { OutletLogger } from './outlet-logger.ts';

/** Options for {@link OutletLoggerProvider}. */
export interface OutletLoggerProviderOptions {
  readonly resource: PlainResource;
  readonly sink: LogSink;
}

/**
 * The log side of the privacy wall: only scope names that pass `isLogExportTarget` get a logger that exports; any other
 * name gets a logger that does nothing.
 */
export class OutletLoggerProvider implements LoggerProvider {
  readonly #options: OutletLoggerProviderOptions;
  readonly #loggers = new Map<string, Logger>();

  constructor(options: OutletLoggerProviderOptions) {
    this.#options = options;
  }

  getLogger(name: string, version?: string, options?: { readonly schemaUrl?: string }): Logger {
    if (!isLogExportTarget(name)) return createNoopLogger();
    const schemaUrl = options?.schemaUrl;
    // The same scope must be the same object: batches are grouped by it.
    const key = JSON.stringify([name, version, schemaUrl]);
    const known = this.#loggers.get(key);
    if (known !== undefined) return known;
    const scope = {
      name,
      ...(version === undefined ? {} : { version }),
      ...(schemaUrl === undefined ? {} : { schemaUrl }),
    };
    const logger = new OutletLogger({ ...this.#options, scope });
    this.#loggers.set(key, logger);
    return logger;
  }
}

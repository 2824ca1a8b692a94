import { isNativeError } from 'node:util/types';

/** Which rule a metric broke, or which step failed. */
export type MetricsErrorCode =
  | 'EMPTY_METRIC_NAME'
  | 'INVALID_METRIC_NAME'
  | 'EMPTY_TAG_COMPONENT'
  | 'INVALID_TAG_COMPONENT'
  | 'NEGATIVE_COUNTER_INCREMENT'
  | 'INVALID_VALUE'
  | 'EXPORTER_DISABLED'
  | 'EXPORTER_BUILD_FAILED'
  | 'RUNTIME_SNAPSHOT_UNAVAILABLE'
  | 'SHUTDOWN_FAILED';

/** Details of a {@link MetricsError}. */
export interface MetricsErrorDetails extends ErrorOptions {
  /** Which part of a tag: only with `EMPTY_TAG_COMPONENT` and `INVALID_TAG_COMPONENT`. */
  readonly label?: 'tag key' | 'tag value' | undefined;
  /** The offending name, key, value or increment. */
  readonly value?: string | number | undefined;
}

/** Thrown when a metric cannot be recorded, read or exported as asked. */
export class MetricsError extends Error {
  /** Always `MetricsError`. */
  override readonly name = 'MetricsError';
  /** What went wrong. */
  readonly code: MetricsErrorCode;
  /** Which part of a tag was not valid; `undefined` for other errors. */
  readonly label: 'tag key' | 'tag value' | undefined;
  /** The offending name, key, value or increment, if there is one. */
  readonly value: string | number | undefined;

  /** The message is for people, and names the offending value. */
  constructor(code: MetricsErrorCode, message: string, details: MetricsErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.label = details.label;
    this.value = details.value;
  }
}

/** Tells whether `value` is a {@link MetricsError}, whichever module format made it. */
export function isMetricsError(value: unknown): value is MetricsError {
  return isNativeError(value) && value.name === 'MetricsError';
}

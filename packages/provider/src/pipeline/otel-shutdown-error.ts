import { isNativeError } from 'node:util/types';
import type { OtelSignal } from '@codex-otel/config';
import type { SignalStats } from '../outlet/outlet.ts';

/** Outcomes of the items of each signal. */
export type ProviderStats = Readonly<Record<OtelSignal, SignalStats>>;

/**
 * Thrown by a flush or shutdown if not everything reached its collector. The message names each endpoint and its
 * failure.
 */
export class OtelShutdownError extends Error {
  /** Always `OtelShutdownError`. */
  override readonly name = 'OtelShutdownError';
  /** Always `OTEL_SHUTDOWN_INCOMPLETE`. */
  readonly code = 'OTEL_SHUTDOWN_INCOMPLETE';
  /** Outcomes of the items of each signal, counted since the provider was created. */
  readonly signals: ProviderStats;

  /** The message is for people, and names what was not sent and why. */
  constructor(message: string, signals: ProviderStats, options?: ErrorOptions) {
    super(message, options);
    this.signals = signals;
  }
}

/** Makes the error, for parts that load later: the class belongs to the start path, which shares no file with them. */
export type ShutdownErrorMaker = (message: string, signals: ProviderStats) => OtelShutdownError;

/** Tells whether `value` is an {@link OtelShutdownError}, whichever module format made it. */
export function isOtelShutdownError(value: unknown): value is OtelShutdownError {
  return (
    isNativeError(value) &&
    value.name === 'OtelShutdownError' &&
    'code' in value &&
    value.code === 'OTEL_SHUTDOWN_INCOMPLETE'
  );
}

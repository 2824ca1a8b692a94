/** Thrown when configured tracestate is invalid. */
export class TracestateError extends Error {
  /** Always `TracestateError`. */
  override readonly name = 'TracestateError';
  /** Always `INVALID_TRACESTATE`. */
  readonly code = 'INVALID_TRACESTATE';
}

/** Tells whether `value` is a {@link TracestateError}, whichever module format made it. */
export function isTracestateError(value: unknown): value is TracestateError {
  return (
    (value as TracestateError | undefined)?.name === 'TracestateError' &&
    (value as TracestateError).code === 'INVALID_TRACESTATE'
  );
}

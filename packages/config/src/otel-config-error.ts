import { isNativeError } from 'node:util/types';

/** One thing that is wrong with a configuration. */
export interface OtelConfigProblem {
  /** The TOML key, such as `otel.trace_exporter.otlp-http.endpoint`. */
  readonly path: string;
  /** What was found and what is allowed. Never a header value, a key or a certificate. */
  readonly message: string;
}

/** Thrown when a configuration cannot be used; it lists every problem that was found. */
export class OtelConfigError extends Error {
  /** Always `OtelConfigError`. */
  override readonly name = 'OtelConfigError';
  /** Always `INVALID_OTEL_CONFIG`. */
  readonly code = 'INVALID_OTEL_CONFIG';
  /** The TOML key of the first problem. */
  readonly path: string;
  /** Every problem that was found, at least one. */
  readonly problems: readonly OtelConfigProblem[];

  /** Made from one problem or from all that were found; the message is a line for each. */
  constructor(
    problems: OtelConfigProblem | readonly [OtelConfigProblem, ...OtelConfigProblem[]],
    options?: ErrorOptions,
  ) {
    const all = 'path' in problems ? ([problems] as const) : problems;
    super(
      all.length === 1 ? line(all[0]) : `${all.length} problems\n${all.map((one) => `- ${line(one)}`).join('\n')}`,
      options,
    );
    this.path = all[0].path;
    this.problems = all;
  }
}

/** Throws if there are problems. */
export function throwProblems([first, ...others]: readonly OtelConfigProblem[]): void {
  if (first !== undefined) throw new OtelConfigError([first, ...others]);
}

/** Tells whether `value` is an {@link OtelConfigError}, whichever module format made it. */
export function isOtelConfigError(value: unknown): value is OtelConfigError {
  return isNativeError(value) && value.name === 'OtelConfigError';
}

function line({ path, message }: OtelConfigProblem): string {
  return `${path}: ${message}`;
}

/** How many packages an install may have and how large it may be. */
export interface InstallLimits {
  /** What is installed beside `@opentelemetry/api`. */
  readonly install: readonly string[];
  /** Packages besides the API, including those that were asked for. */
  readonly packages: number;
  /** On disk, the API included. */
  readonly megabytes: number;
}

/** Bytes of a tarball, in kilobytes. */
export const packedKilobytes: Readonly<Record<string, number>> = {
  '@codex-otel/config': 200,
  '@codex-otel/metrics': 280,
  '@codex-otel/provider': 350,
  '@codex-otel/session-telemetry': 400,
  '@codex-otel/token-usage': 60,
  '@codex-otel/trace-context': 50,
};

/** The installs that are measured, by what they are for. */
export const installs: Readonly<Record<string, InstallLimits>> = {
  'trace-context': { install: ['@codex-otel/trace-context'], packages: 1, megabytes: 1 },
  'token-usage': { install: ['@codex-otel/token-usage'], packages: 1, megabytes: 1 },
  config: { install: ['@codex-otel/config'], packages: 1, megabytes: 2 },
  metrics: { install: ['@codex-otel/metrics'], packages: 2, megabytes: 4 },
  provider: { install: ['@codex-otel/provider'], packages: 5, megabytes: 6 },
  'session-telemetry': { install: ['@codex-otel/session-telemetry'], packages: 6, megabytes: 6 },
  'all of it': {
    install: ['@codex-otel/config', '@codex-otel/provider', '@codex-otel/session-telemetry'],
    packages: 8,
    megabytes: 8,
  },
};

/** Bytes of a page's bundle, minified and compressed, whichever bundler made it. */
export const pageBytes: Readonly<Record<string, number>> = {
  // The header functions, which need no OpenTelemetry.
  'trace-context.js': 700,
  // Headers, a turn and the API.
  'page.js': 9000,
};

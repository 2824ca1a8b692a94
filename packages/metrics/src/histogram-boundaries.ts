import type { CodexMetricName } from './codex-metric-names.ts';

/** Upper bounds of the buckets of a histogram without boundaries of its own: the SDK's default. */
export const DEFAULT_BOUNDARIES: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
];

/** Upper bounds in milliseconds, up to two minutes: a turn rarely ends within ten seconds. */
export const DURATION_MILLIS_BOUNDARIES: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250, 2500, 3000, 3500, 4000, 4500, 5000,
  6000, 7000, 7500, 8000, 9000, 10_000, 12_000, 15_000, 20_000, 30_000, 60_000, 120_000,
];

/** Upper bounds in seconds. */
export const DURATION_SECONDS_BOUNDARIES: readonly number[] = [
  0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/**
 * Upper bounds for token counts.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
 */
export const TOKEN_BOUNDARIES: readonly number[] = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];

/**
 * Upper bounds in seconds for operations of a model.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
 */
export const GEN_AI_DURATION_BOUNDARIES: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

/** Upper bounds of the histogram of this name. */
export function histogramBoundaries(name: string): readonly number[] {
  switch (name) {
    case 'codex.turn.token_usage' satisfies CodexMetricName:
    case 'codex.guardian.review.token_usage' satisfies CodexMetricName:
      return TOKEN_BOUNDARIES;
    case 'codex.thread.tools.namespaces_total' satisfies CodexMetricName:
    case 'codex.thread.tools.fragment_bytes' satisfies CodexMetricName:
      return exponentialBoundaries(15);
    case 'codex.thread.skills.enabled_total' satisfies CodexMetricName:
    case 'codex.thread.skills.kept_total' satisfies CodexMetricName:
      return Array.from({ length: 513 }, (_, index) => index);
    case 'codex.thread.skills.description_truncated_chars' satisfies CodexMetricName:
      return exponentialBoundaries(17);
    case 'codex.thread.skills.truncated' satisfies CodexMetricName:
      return [0, 1];
    default:
      return DEFAULT_BOUNDARIES;
  }
}

/** 0, then 510 bounds from 1 to 2^exponent, each by the same factor larger than the one before. */
function exponentialBoundaries(exponent: number): readonly number[] {
  return Array.from({ length: 511 }, (_, index) => (index === 0 ? 0 : 2 ** ((exponent * (index - 1)) / 509)));
}

import type { TokenUsage } from '@codex-otel/token-usage';

/** `0 ms`, `0.42 ms`, `228 ms`, `1.23 s`, `2 min 5 s`, `3 h 4 min`. */
export function formatMillis(millis: number): string {
  if (millis < 0.005) return '0 ms';
  if (millis < 9.95) return `${millis.toFixed(millis < 0.995 ? 2 : 1)} ms`;
  if (millis < 999.5) return `${Math.round(millis)} ms`;
  if (millis < 9_995) return `${(millis / 1000).toFixed(2)} s`;
  if (millis < 59_950) return `${(millis / 1000).toFixed(1)} s`;
  const seconds = Math.round(millis / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `18,317`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** `18.3k`: three digits at most, for places with little room. */
export function formatShortCount(count: number): string {
  if (count < 1000) return String(count);
  const [size, unit] = count < 999_500 ? [count / 1e3, 'k'] : [count / 1e6, 'M'];
  return `${size.toFixed(size < 9.95 ? 1 : 0).replace('.0', '')}${unit}`;
}

/** `62 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? '<1' : Math.round(percent)} %`;
}

/** `$0.0123`, with enough digits to be more than 0. */
export function formatCost(microUsd: number): string {
  const dollars = microUsd / 1e6;
  return `$${dollars.toFixed(dollars >= 1 || dollars === 0 ? 2 : dollars >= 0.001 ? 4 : 6)}`;
}

/** `1 turn`, `2 turns`. */
export function formatThings(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** `5,102 in (4,864 cached) + 103 out (64 reasoning) tokens`. */
export function formatUsage(usage: TokenUsage): string {
  return `${usageText(usage, formatCount)} tokens`;
}

/** `5.1k in (4.9k cached) + 103 out (64 reasoning)`. */
export function formatShortUsage(usage: TokenUsage): string {
  return usageText(usage, formatShortCount);
}

function usageText(usage: TokenUsage, format: (count: number) => string): string {
  const [input, cached, output, reasoning] = [
    usage.inputTokens,
    usage.cachedInputTokens,
    usage.outputTokens,
    usage.reasoningOutputTokens,
  ].map(format);
  return `${input} in (${cached} cached) + ${output} out (${reasoning} reasoning)`;
}

const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const timeOnly = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `28 Nov 2026, 14:03:05`. */
export function formatDay(unixMillis: number): string {
  return dayAndTime.format(unixMillis);
}

/** `14:03:05`. */
export function formatTime(unixMillis: number): string {
  return timeOnly.format(unixMillis);
}

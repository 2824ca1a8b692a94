import { parseOtlp } from './otlp-json.ts';
import type { Telemetry } from './telemetry.ts';
import { joinTelemetry, NO_TELEMETRY } from './telemetry.ts';

/**
 * Reads a file of saved OTLP JSON: one request, one request a line (as the Collector's file exporter writes them), an
 * array of requests, requests under `requests` with their `body`, or one group of `resource`, `scope` and `spans`.
 *
 * @throws SyntaxError if the text is not JSON; it names the line.
 */
export function parseSavedOtlp(text: string): Telemetry {
  const whole = parsed(text);
  if (whole !== undefined) return telemetryOf(whole.value);
  const parts: Telemetry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const value = parsed(line);
    if (value === undefined) throw new SyntaxError(`line ${index + 1} is not JSON`);
    parts.push(telemetryOf(value.value));
  }
  return joinTelemetry(parts);
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function telemetryOf(value: unknown): Telemetry {
  if (Array.isArray(value)) return joinTelemetry(value.map(telemetryOf));
  if (typeof value !== 'object' || value === null) return NO_TELEMETRY;
  if ('requests' in value && Array.isArray(value.requests)) return joinTelemetry(value.requests.map(telemetryOf));
  if ('body' in value) return telemetryOf(value.body);
  if ('spans' in value) return parseOtlp({ resourceSpans: [{ ...value, scopeSpans: [value] }] });
  return parseOtlp(value);
}

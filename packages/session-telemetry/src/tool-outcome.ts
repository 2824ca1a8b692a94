import { describeError } from './error-description.ts';
import { jsonText } from './json-text.ts';
import { property } from './property.ts';
import type { ToolCallOptions } from './turn/turn-session.ts';

/** What the log record of a tool call says about its result. */
export interface ToolOutcome {
  /** The output as text. Content: log records only, cut to the session's `toolResultMaxBytes`. */
  readonly output: string;
  /** Whether the call succeeded. */
  readonly success: boolean;
}

/** What is recorded of a call that returned or threw. Never throws, whatever the caller's `result` does. */
export function toolOutcome<T>(
  options: ToolCallOptions<T>,
  settled: { readonly value: T } | { readonly error: unknown },
): ToolOutcome {
  if ('error' in settled) {
    return { output: describeError({ error: settled.error ?? 'unknown error' })?.message ?? '', success: false };
  }
  const { value } = settled;
  if (options.result !== undefined) {
    try {
      return options.result(value);
    } catch {
      return { output: '', success: true };
    }
  }
  if (typeof value === 'string') return { output: value, success: true };
  if (isToolOutcome(value)) return value;
  // MCP servers answer with `isError` when a tool failed.
  return { output: jsonText(value) ?? '', success: property(value, 'isError') !== true };
}

function isToolOutcome(value: unknown): value is ToolOutcome {
  return typeof property(value, 'output') === 'string' && typeof property(value, 'success') === 'boolean';
}

import type { Span } from './telemetry.ts';
import { textAttribute } from './telemetry.ts';
import { isChatSpan } from './usage.ts';

const TASK_PREFIX = 'session_task.';
/** Spans that only turns make. Open turns are recognised by them. */
const TURN_WORK: ReadonlySet<string> = new Set([
  'handle_responses',
  'receiving_stream',
  'stream_request',
  'handle_tool_call',
  'codex.sampling',
  'codex.tool_blocking',
  'run_turn',
  'session_task.run',
]);

/** Whether it is the span of a whole turn. Codex has other `session_task.*` spans, without a turn id. */
export function isTurnSpan({ name, attributes }: Span): boolean {
  if (textAttribute(attributes, 'turn.id') === undefined) return false;
  return name.startsWith(TASK_PREFIX) || attributes['gen_ai.operation.name'] === 'invoke_agent';
}

/** The kind of a turn: `turn`, `compact`, `review`, … */
export function taskOf({ name }: Span): string {
  return name.startsWith(TASK_PREFIX) ? name.slice(TASK_PREFIX.length) : 'turn';
}

export function isTurnWork(span: Span): boolean {
  return TURN_WORK.has(span.name) || isChatSpan(span) || toolOf(span) !== undefined;
}

/** The tool call of a span. Codex names such spans like the tool; several spans may carry the id of one call. */
export function toolOf({ name, attributes }: Span): { readonly callId: string; readonly toolName: string } | undefined {
  if (name === 'handle_responses' || name.startsWith('guardian')) return undefined;
  const callId =
    textAttribute(attributes, 'call_id') ??
    textAttribute(attributes, 'tool.call_id') ??
    textAttribute(attributes, 'gen_ai.tool.call.id');
  const toolName =
    textAttribute(attributes, 'tool_name') ??
    textAttribute(attributes, 'tool.name') ??
    textAttribute(attributes, 'gen_ai.tool.name');
  return callId === undefined || toolName === undefined ? undefined : { callId, toolName };
}

/** A review by another model in place of the user. */
export function isAutoReview({ name }: Span): boolean {
  return name.startsWith('guardian_review');
}

/** A request to the model. */
export function isRequest({ name }: Span): boolean {
  return name === 'stream_request';
}

import { byStart } from './span-index.ts';
import { isAutoReview, toolOf } from './span-roles.ts';
import type { LogRecord, Span } from './telemetry.ts';
import { numberAttribute, textAttribute } from './telemetry.ts';
import type { ModelResponse, ToolCall, Wait } from './turn.ts';

/** Log records have whole milliseconds, and read the clock at another moment. */
const SLACK_MILLIS = 5;

/** The tool calls of a turn: from their spans, and from log records for calls without a span. */
export function findTools(spans: readonly Span[], logs: readonly LogRecord[]): readonly ToolCall[] {
  const byCall = new Map<string, Span>();
  // Of several spans with the same id, the first to start is the outermost.
  for (const span of [...spans].sort(byStart)) {
    const tool = toolOf(span);
    if (tool !== undefined && !byCall.has(tool.callId)) byCall.set(tool.callId, span);
  }
  const results = byCallId(logs, 'codex.tool_result');
  const decisions = byCallId(logs, 'codex.tool_decision');
  const callIds = new Set([...byCall.keys(), ...results.keys()]);
  return [...callIds]
    .map((callId): ToolCall => {
      const span = byCall.get(callId);
      const result = results.get(callId);
      const decision = decisions.get(callId);
      const endMillis = span?.endMillis ?? result?.timeMillis ?? 0;
      const duration = (result && numberAttribute(result.attributes, 'duration_ms')) ?? 0;
      return {
        callId,
        toolName: (span && toolOf(span)?.toolName) ?? textAttribute(result?.attributes ?? {}, 'tool_name') ?? 'tool',
        spanId: span?.spanId,
        startMillis: span?.startMillis ?? endMillis - duration,
        endMillis,
        success: successOf(span, result),
        decision: decision && decisionText(decision),
        result,
      };
    })
    .sort((a, b) => a.startMillis - b.startMillis);
}

/**
 * Times of waiting. Reviews by another model come from their spans. Waiting for the user ends with the decision and begins
 * with its call, or, if that starts later, with the last thing that the turn did before.
 */
export function findWaits(
  spans: readonly Span[],
  logs: readonly LogRecord[],
  responses: readonly ModelResponse[],
  tools: readonly ToolCall[],
  turnStartMillis: number,
): readonly Wait[] {
  const reviews = spans.filter(isAutoReview).map(
    ({ spanId, startMillis, endMillis }): Wait => ({
      id: spanId,
      kind: 'auto-review',
      label: 'Automatic review',
      startMillis,
      endMillis,
      callSpanId: undefined,
    }),
  );
  const ends = [...responses, ...tools].map(({ endMillis }) => endMillis);
  const decided = logs.filter(
    ({ name, attributes }) => name === 'codex.tool_decision' && textAttribute(attributes, 'source') === 'User',
  );
  const asked = decided.map((record): Wait => {
    const before = [...ends, ...decided.map(({ timeMillis }) => timeMillis)].filter((end) => end < record.timeMillis);
    const callId = textAttribute(record.attributes, 'call_id') ?? '';
    const call = tools.find((tool) => tool.callId === callId && tool.spanId !== undefined);
    const isInside =
      call !== undefined && call.startMillis + SLACK_MILLIS < record.timeMillis && record.timeMillis <= call.endMillis;
    return {
      id: `wait:${callId}`,
      kind: 'user',
      label: `Waiting for approval: ${textAttribute(record.attributes, 'tool_name') ?? 'tool'}`,
      startMillis: isInside ? call.startMillis : Math.max(turnStartMillis, ...before),
      endMillis: record.timeMillis,
      callSpanId: isInside ? call.spanId : undefined,
    };
  });
  return [...reviews, ...asked.filter(({ startMillis, endMillis }) => endMillis > startMillis)];
}

function byCallId(logs: readonly LogRecord[], name: string): ReadonlyMap<string, LogRecord> {
  const found = new Map<string, LogRecord>();
  for (const record of logs) {
    const callId = textAttribute(record.attributes, 'call_id');
    if (record.name === name && callId !== undefined) found.set(callId, record);
  }
  return found;
}

function successOf(span: Span | undefined, result: LogRecord | undefined): boolean | undefined {
  const said = result?.attributes.success;
  if (said !== undefined) return said === true || said === 'true';
  return span?.failed === true ? false : undefined;
}

function decisionText({ attributes }: LogRecord): string {
  const decision = (textAttribute(attributes, 'decision') ?? 'decided').replaceAll('_', ' ');
  const source = textAttribute(attributes, 'source');
  return source === undefined ? decision : `${decision} by ${source}`;
}

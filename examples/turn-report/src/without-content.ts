import type { Attributes, Telemetry } from './model/telemetry.ts';

/**
 * The keys of strings that are never content. All other strings are removed: an unknown key may hold a prompt, a path
 * or a name.
 */
const SAFE_TEXTS: ReadonlySet<string> = new Set([
  'app.version',
  'attempt',
  'auth_mode',
  'call_id',
  'codex.op',
  'codex.request.reasoning_effort',
  'codex.response.event',
  'codex.tool.phase',
  'codex.turn.outcome',
  'codex.turn.phase',
  'codex.turn.reasoning_effort',
  'conversation.id',
  'critical_path_status',
  'decision',
  'error.type',
  'event.kind',
  'event.name',
  'event.timestamp',
  'from',
  'gen_ai.conversation.id',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.response.id',
  'gen_ai.response.model',
  'gen_ai.tool.call.id',
  'gen_ai.tool.name',
  'kind',
  'model',
  'originator',
  'phase',
  'receiver_thread_id',
  'rpc.method',
  'sender_thread_id',
  'slug',
  'source',
  'state',
  'success',
  'thread.id',
  'tool.call_id',
  'tool.name',
  'tool_name',
  'tool_namespace',
  'tool_source',
  'transport',
  'turn.id',
  'turn_id',
  'wire_api',
]);
/** Keys of numbers, some of which Codex sends as text. */
const NUMBER_KEY = /(?:_ms|_count|_length|_lines|_seq|_tokens|status_code)$/;
const NUMBER = /^-?\d{1,20}(?:\.\d{1,20})?$/;

/** The same without prompts, answers, arguments and outputs of tools, and the user's identity. */
export function withoutContent(telemetry: Telemetry): Telemetry {
  return {
    ...telemetry,
    spans: telemetry.spans.map((span) => ({
      ...span,
      statusMessage: '',
      attributes: safeAttributes(span.attributes),
      events: span.events.map((event) => ({ ...event, attributes: safeAttributes(event.attributes) })),
    })),
    logs: telemetry.logs.map((record) => ({ ...record, body: '', attributes: safeAttributes(record.attributes) })),
  };
}

function safeAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => {
      const isNumber = typeof value !== 'string' || (NUMBER_KEY.test(key) && NUMBER.test(value));
      if (isNumber || SAFE_TEXTS.has(key)) return [[key, value] as const];
      // The outcome of a turn depends on whether there was an error.
      return key === 'error.message' ? [[key, '(left out)'] as const] : [];
    }),
  );
}

import type { SpanDefinition } from './span-definition.ts';
import { failureAttributes } from './span-definition.ts';

/** Attributes of a turn's span. */
export const turnAttributes = {
  'thread.id': { type: 'string', absent: 'empty', about: 'the conversation' },
  'turn.id': { type: 'string', absent: 'empty' },
  model: { type: 'string', absent: 'empty' },
  'codex.turn.reasoning_effort': { type: 'string', about: '`default` when unknown' },
  'codex.turn.outcome': { type: 'string', about: '`completed`, `aborted`, `failed`; set at the end' },
} as const;

/** The usage of a whole turn, set at its end. */
export const turnUsageAttributes = {
  'codex.turn.token_usage.input_tokens': { type: 'int', absent: 'no usage, or not a regular task' },
  'codex.turn.token_usage.cached_input_tokens': { type: 'int', absent: 'not reported, or not a regular task' },
  'codex.turn.token_usage.cache_write_input_tokens': { type: 'int', absent: 'not reported, or not a regular task' },
  'codex.turn.token_usage.non_cached_input_tokens': { type: 'int', absent: 'not reported, or not a regular task' },
  'codex.turn.token_usage.output_tokens': { type: 'int', absent: 'no usage, or not a regular task' },
  'codex.turn.token_usage.reasoning_output_tokens': { type: 'int', absent: 'not reported, or not a regular task' },
  'codex.turn.token_usage.total_tokens': { type: 'int', absent: 'no usage, or not a regular task' },
} as const;

/** The span of a turn, whose name is its task's. */
export const turnSpan: SpanDefinition = {
  name: 'session_task.*',
  about: 'One turn: `session_task.turn`, and by its task `.review`, `.compact`, `.undo`, `.user_shell`.',
  parent: '`parent`, else the active span',
  attributes: [turnAttributes, turnUsageAttributes, failureAttributes],
};

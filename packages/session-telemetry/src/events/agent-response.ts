import type { Context } from '@opentelemetry/api';
import { property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import type { SessionSource } from '../session-metadata.ts';
import { utf8Bytes, utf8Prefix } from '../text-limits.ts';

/** The turn that an answer belongs to, and where it came from. */
export interface AgentResponseTurn {
  readonly turnId: string;
  /** The turn that triggered this one; may be another agent's. Absent when unknown. */
  readonly parentTurnId?: string | undefined;
  /** The turn that the user started. Absent when unknown. */
  readonly rootTurnId?: string | undefined;
  /** Absent when unknown. */
  readonly initiatingAgentPath?: string | undefined;
}

/** Options of `agentResponse`: a final answer. */
export interface AgentResponseOptions extends AgentResponseTurn {
  readonly itemId: string;
  /** The answer's text; content, log records only. */
  readonly response: string;
}

/** UTF-8 bytes of a recorded answer. */
const responseMaxBytes = 65_536;

export const agentResponseEvent: EventDefinition = {
  name: 'codex.agent_response',
  method: 'agentResponse, agentResponseLogger',
  about: 'The agent gave a final answer; once for each item of a turn. Only with `logAgentResponses`.',
  signals: 'log',
  attributes: [
    { name: 'agent.type', type: 'string', on: 'log', about: '`main`, `subagent`' },
    { name: 'turn.id', type: 'string', on: 'log' },
    { name: 'item.id', type: 'string', on: 'log' },
    { name: 'parent.conversation.id', type: 'string', on: 'log', absent: 'main agent' },
    { name: 'parent.turn.id', type: 'string', on: 'log', absent: 'unknown' },
    { name: 'root.turn.id', type: 'string', on: 'log', absent: 'unknown' },
    { name: 'initiating.agent.path', type: 'string', on: 'log', absent: 'unknown' },
    { name: 'response', type: 'string', on: 'log', about: 'at most 65,536 UTF-8 bytes' },
    { name: 'response_length', type: 'int', on: 'log', about: 'UTF-8 bytes before the cut' },
    { name: 'response_truncated', type: 'bool', on: 'log' },
  ],
};

export function agentResponse(
  recorder: EventRecorder,
  options: AgentResponseOptions,
  context: Context | undefined,
): void {
  const { metadata } = recorder.identity;
  if (metadata.logAgentResponses !== true) return;
  const agent = answeringAgent(metadata.sessionSource);
  const response = property(options, 'response');
  if (agent === undefined || typeof response !== 'string') return;
  const text = withoutCitations(response);
  if (text.trim() === '' || isRepeated(recorder, options)) return;
  const bytes = utf8Bytes(text);
  recorder.emit(
    agentResponseEvent,
    options,
    {
      'agent.type': agent.type,
      'parent.conversation.id': agent.parentConversationId,
      response: utf8Prefix(recorder.content('response', text, responseMaxBytes), responseMaxBytes),
      response_length: bytes,
      response_truncated: bytes > responseMaxBytes,
    },
    context,
  );
}

/** Whose answers are recorded: not those of sub-agents that the program itself runs. */
function answeringAgent(
  source: SessionSource,
): { readonly type: 'main' | 'subagent'; readonly parentConversationId?: string } | undefined {
  if (typeof source === 'string') return { type: 'main' };
  switch (source.kind) {
    case 'custom':
      return { type: 'main' };
    case 'internal':
      return undefined;
    case 'subagent':
      if (source.agent !== 'thread-spawn') return undefined;
      return { type: 'subagent', parentConversationId: source.parentConversationId };
  }
}

function isRepeated(recorder: EventRecorder, options: AgentResponseOptions): boolean {
  const key = `${String(property(options, 'turnId'))} ${String(property(options, 'itemId'))}`;
  return !recorder.memory.answers.add(key);
}

const citationBegin = '<oai-mem-citation>';
const citationEnd = '</oai-mem-citation>';

/** The text without the marks that cite memories; an open one goes to the end. */
function withoutCitations(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let begin = text.indexOf(citationBegin); begin !== -1; begin = text.indexOf(citationBegin, from)) {
    parts.push(text.slice(from, begin));
    const end = text.indexOf(citationEnd, begin);
    if (end === -1) return parts.join('');
    from = end + citationEnd.length;
  }
  return parts.join('') + text.slice(from);
}

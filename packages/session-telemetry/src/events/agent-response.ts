import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';
import type { SessionSource } from '../session-metadata.ts';

const attributes = {
  agentType: { name: 'agent.type', source: 'computed', values: ['main', 'subagent'] },
  /** The turn that the answer ends. */
  turnId: { name: 'turn.id' },
  /** The id of the output item, as the API gave it. An item is recorded once. */
  itemId: { name: 'item.id' },
  parentConversationId: { name: 'parent.conversation.id', source: 'computed', absent: 'main agent' },
  /** The turn that triggered this one; it may be another agent's. Absent if unknown. */
  parentTurnId: { name: 'parent.turn.id', absent: 'unknown' },
  /** The turn that the user started. @defaultValue the turn itself */
  rootTurnId: { name: 'root.turn.id', absent: 'unknown', about: "the user's turn; defaults to the turn itself" },
  /** The path of the agent that started this one. Absent if unknown. */
  initiatingAgentPath: { name: 'initiating.agent.path', absent: 'unknown' },
  /** The answer's text. Content: log records only. */
  response: { name: 'response', on: 'log', content: 'response', maxBytes: 65_536, about: 'at most 65,536 UTF-8 bytes' },
  responseLength: {
    name: 'response_length',
    type: 'int',
    measure: 'bytes',
    of: 'response',
    about: 'UTF-8 bytes before truncation',
  },
  responseTruncated: { name: 'response_truncated', type: 'bool', measure: 'truncated', of: 'response' },
} as const;

/** Options of {@link SessionTelemetry.agentResponse}. */
export interface AgentResponseOptions extends EventOptions<typeof attributes> {}

/** Options of {@link SessionTelemetry.agentResponseLogger}: the turn, and where it came from. */
export type AgentResponseTurn = Omit<AgentResponseOptions, 'itemId' | 'response'>;

const event = defineEvent('codex.agent_response', {
  on: 'log',
  about: 'The agent gave a final answer; once for each item of a turn.',
  alsoBy: 'agentResponseLogger',
  onlyWith: 'logAgentResponses',
  attributes,
});

export const agentResponse: SessionEvent<AgentResponseOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const agent = answeringAgent(recorder.identity.metadata.sessionSource);
    const given = property(options, 'response');
    if (agent === undefined || typeof given !== 'string' || !recorder.identity.settings.logAgentResponses) return;
    const response = withoutCitations(given);
    if (response.trim() === '' || isRepeated(recorder, options)) return;
    const rootTurnId = property(options, 'rootTurnId') ?? property(options, 'turnId');
    recorder.emit(event, options, { ...agent, response, rootTurnId }, context);
  },
};

/** The agent that answered; `undefined` for the program's own sub-agents, whose answers are not recorded. */
function answeringAgent(
  source: SessionSource,
): { readonly agentType: 'main' | 'subagent'; readonly parentConversationId: string | undefined } | undefined {
  const main = { agentType: 'main', parentConversationId: undefined } as const;
  if (typeof source === 'string') return main;
  switch (source.kind) {
    case 'custom':
      return main;
    case 'internal':
      return undefined;
    case 'subagent':
      if (source.agent !== 'thread-spawn') return undefined;
      return { agentType: 'subagent', parentConversationId: source.parentConversationId };
  }
}

function isRepeated(recorder: EventRecorder, options: AgentResponseOptions): boolean {
  const key = `${String(property(options, 'turnId'))} ${String(property(options, 'itemId'))}`;
  return !recorder.memory.answers.add(key);
}

const citationBegin = '<oai-mem-citation>';
const citationEnd = '</oai-mem-citation>';

/** The text without citations of memories. A citation that is not closed reaches to the end. */
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

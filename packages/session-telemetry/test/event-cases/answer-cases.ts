import type { EventCase } from './event-case.ts';

const answer = { turnId: 'turn-1', itemId: 'msg-1', response: 'Done.' } as const;

export const answerCases: readonly EventCase[] = [
  {
    title: 'genAiInferenceDetails of a model call with its content',
    metadata: { genAi: 'attributes', logUserPrompts: true, logAgentResponses: true },
    record: (session, context) =>
      session.genAiInferenceDetails(
        {
          attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 3, unknown: 'x' },
          systemInstructions: 'Be brief.',
          inputMessages: 'What is new?',
          outputMessages: [
            {
              role: 'assistant',
              parts: [{ type: 'tool_call', id: 'c1', name: 'shell', arguments: '{"command":"ls"}' }],
            },
          ],
        },
        context,
      ),
    log: {
      'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'What is new?' }] }],
      'gen_ai.output.messages': [
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'shell', arguments: '{"command":"ls"}' }] },
      ],
      'gen_ai.operation.name': 'chat',
      'gen_ai.usage.input_tokens': 3,
    },
    logTail: {},
  },
  {
    title: 'genAiInferenceDetails without the GenAI conventions',
    metadata: { logUserPrompts: true, logAgentResponses: true },
    record: (session, context) => session.genAiInferenceDetails({ inputMessages: 'What is new?' }, context),
  },
  {
    title: 'genAiInferenceDetails without a setting that sends content',
    metadata: { genAi: 'spans', logUserPrompts: false, logAgentResponses: false },
    record: (session, context) => session.genAiInferenceDetails({ inputMessages: 'What is new?' }, context),
  },
  {
    title: 'agentResponse of a main agent',
    metadata: { logAgentResponses: true },
    record: (session, context) =>
      session.agentResponse(
        { ...answer, response: 'Done.<oai-mem-citation>m1</oai-mem-citation> Bye.', rootTurnId: 'turn-0' },
        context,
      ),
    log: {
      'agent.type': 'main',
      'turn.id': 'turn-1',
      'item.id': 'msg-1',
      'root.turn.id': 'turn-0',
      response: 'Done. Bye.',
      response_length: 10,
      response_truncated: false,
    },
  },
  {
    title: 'agentResponse: a long response of a sub-agent',
    metadata: {
      logAgentResponses: true,
      sessionSource: { kind: 'subagent', agent: 'thread-spawn', parentConversationId: 'parent-1' },
    },
    record: (session, context) =>
      session.agentResponse(
        {
          ...answer,
          response: 'x'.repeat(70_000),
          parentTurnId: 'turn-p',
          rootTurnId: 'turn-0',
          initiatingAgentPath: '/root/a',
        },
        context,
      ),
    log: {
      'agent.type': 'subagent',
      'turn.id': 'turn-1',
      'item.id': 'msg-1',
      'parent.conversation.id': 'parent-1',
      'parent.turn.id': 'turn-p',
      'root.turn.id': 'turn-0',
      'initiating.agent.path': '/root/a',
      response: 'x'.repeat(65_536),
      response_length: 70_000,
      response_truncated: true,
    },
  },
  { title: 'agentResponse without the setting', record: (session, context) => session.agentResponse(answer, context) },
  {
    title: 'agentResponse of a sub-agent that the program runs itself',
    metadata: { logAgentResponses: true, sessionSource: { kind: 'subagent', agent: 'review' } },
    record: (session, context) => session.agentResponse(answer, context),
  },
  {
    title: 'agentResponse with nothing but a citation',
    metadata: { logAgentResponses: true },
    record: (session, context) => session.agentResponse({ ...answer, response: ' \n<oai-mem-citation>m1' }, context),
  },
  {
    title: 'agentCommunication',
    record: (session, context) =>
      session.agentCommunication(
        {
          communicationId: 'message-1',
          kind: 'spawn',
          state: 'send',
          senderThreadId: 'thread-1',
          receiverThreadId: 'thread-2',
          content: 'look into it',
        },
        context,
      ),
    metadata: { logUserPrompts: true },
    log: {
      communication_id: 'message-1',
      kind: 'spawn',
      state: 'send',
      sender_thread_id: 'thread-1',
      receiver_thread_id: 'thread-2',
      content: 'look into it',
    },
    logTail: {},
  },
  {
    title: 'agentCommunication without its text, prompts off',
    metadata: { logUserPrompts: false },
    record: (session, context) =>
      session.agentCommunication(
        {
          communicationId: 'message-1',
          kind: 'followup',
          state: 'send',
          senderThreadId: 'thread-1',
          receiverThreadId: 'thread-2',
          content: 'look into it',
        },
        context,
      ),
    log: {
      communication_id: 'message-1',
      kind: 'followup',
      state: 'send',
      sender_thread_id: 'thread-1',
      receiver_thread_id: 'thread-2',
      content: '[REDACTED]',
    },
    logTail: {},
  },
  {
    title: 'agentCommunicationState, the short form',
    record: (session, context) =>
      session.agentCommunicationState({ communicationId: 'message-1', state: 'receive' }, context),
    log: { communication_id: 'message-1', state: 'receive' },
    logTail: {},
  },
];

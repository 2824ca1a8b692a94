import { aiSdk } from './readers/ai-sdk.ts';
import { anthropicMessages } from './readers/anthropic-messages.ts';
import { chatCompletions } from './readers/chat-completions.ts';
import { openAiAgents } from './readers/openai-agents.ts';
import { responses } from './readers/responses.ts';
import type { StreamFormat } from './stream-reader.ts';

/** All known formats. No event and no answer is accepted by two of them. */
export const STREAM_FORMATS: readonly StreamFormat[] = [
  responses,
  chatCompletions,
  anthropicMessages,
  aiSdk,
  openAiAgents,
];

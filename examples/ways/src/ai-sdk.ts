import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { SessionTurn } from '@codex-otel/session-telemetry';
import { generateText, streamText } from 'ai';

const modelOf = (baseURL: string) =>
  createOpenAICompatible({ name: 'local', baseURL, includeUsage: true }).chatModel('the-model');

/** `streamText`: every step of the full stream is a response. */
export async function stream(turn: SessionTurn, baseURL: string): Promise<void> {
  const parts = await turn.observeResponse(
    () => streamText({ model: modelOf(baseURL), prompt: 'Say hello.' }).fullStream,
  );
  for await (const _part of parts);
}

/** `generateText`: the result contains every step. */
export async function whole(turn: SessionTurn, baseURL: string): Promise<void> {
  await turn.observeResponse(() => generateText({ model: modelOf(baseURL), prompt: 'Say hello.' }));
}

import type { SessionTurn } from '@codex-otel/session-telemetry';
import OpenAI from 'openai';

const ask = { model: 'the-model', input: 'Say hello.' };

/** A stream of events. */
export async function stream(turn: SessionTurn, baseURL: string): Promise<void> {
  const openai = new OpenAI({ apiKey: 'key', baseURL });
  const events = await turn.observeResponse(() => openai.responses.create({ ...ask, stream: true }));
  for await (const _event of events);
}

/** The helper, which reads the stream itself. */
export async function helper(turn: SessionTurn, baseURL: string): Promise<void> {
  const openai = new OpenAI({ apiKey: 'key', baseURL });
  const response = await turn.observeResponse(() => openai.responses.stream(ask));
  await response.finalResponse();
}

/** An answer that is not streamed. */
export async function whole(turn: SessionTurn, baseURL: string): Promise<void> {
  const openai = new OpenAI({ apiKey: 'key', baseURL });
  await turn.observeResponse(() => openai.responses.create(ask));
}

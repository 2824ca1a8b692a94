import type { SessionTurn } from '@codex-otel/session-telemetry';
import OpenAI from 'openai';

const ask = { model: 'the-model', messages: [{ role: 'user' as const, content: 'Say hello.' }] };

/** A stream; it only carries usage if requested. */
export async function stream(turn: SessionTurn, baseURL: string): Promise<void> {
  const openai = new OpenAI({ apiKey: 'key', baseURL });
  const chunks = await turn.observeResponse(() =>
    openai.chat.completions.create({ ...ask, stream: true, stream_options: { include_usage: true } }),
  );
  for await (const _chunk of chunks);
}

/** An answer that is not streamed. */
export async function whole(turn: SessionTurn, baseURL: string): Promise<void> {
  const openai = new OpenAI({ apiKey: 'key', baseURL });
  await turn.observeResponse(() => openai.chat.completions.create(ask));
}

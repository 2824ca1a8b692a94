import Anthropic from '@anthropic-ai/sdk';
import type { SessionTurn } from '@codex-otel/session-telemetry';

const ask = { model: 'the-model', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Say hello.' }] };

/**
 * The SDK makes its own spans with the same usage. Readers would count it twice, so only the spans of the turn are made.
 */
const openTelemetry = { traces: false };

/** A stream of events. */
export async function stream(turn: SessionTurn, baseURL: string): Promise<void> {
  const anthropic = new Anthropic({ apiKey: 'key', baseURL, openTelemetry });
  const events = await turn.observeResponse(() => anthropic.messages.create({ ...ask, stream: true }));
  for await (const _event of events);
}

/** The helper, which reads the stream itself. */
export async function helper(turn: SessionTurn, baseURL: string): Promise<void> {
  const anthropic = new Anthropic({ apiKey: 'key', baseURL, openTelemetry });
  const message = await turn.observeResponse(() => anthropic.messages.stream(ask));
  await message.finalMessage();
}

/** An answer that is not streamed. */
export async function whole(turn: SessionTurn, baseURL: string): Promise<void> {
  const anthropic = new Anthropic({ apiKey: 'key', baseURL, openTelemetry });
  await turn.observeResponse(() => anthropic.messages.create(ask));
}

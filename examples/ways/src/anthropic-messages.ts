import Anthropic from '@anthropic-ai/sdk';
import type { SessionTurn } from '@codex-otel/session-telemetry';

const ask = { model: 'the-model', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Say hello.' }] };

/**
 * The SDK makes spans of its own, which carry the usage too. Readers add up what they find, so the spans of the turn
 * are to be the only ones.
 */
const openTelemetry = { traces: false };

/** A stream of events. */
export async function stream(turn: SessionTurn, baseURL: string): Promise<void> {
  const anthropic = new Anthropic({ apiKey: 'key', baseURL, openTelemetry });
  const events = await turn.observeResponse(() => anthropic.messages.create({ ...ask, stream: true }));
  for await (const _event of events);
}

/** The helper, which receives by itself. */
export async function helper(turn: SessionTurn, baseURL: string): Promise<void> {
  const anthropic = new Anthropic({ apiKey: 'key', baseURL, openTelemetry });
  const message = await turn.observeResponse(() => anthropic.messages.stream(ask));
  await message.finalMessage();
}

/** An answer in one piece. */
export async function whole(turn: SessionTurn, baseURL: string): Promise<void> {
  const anthropic = new Anthropic({ apiKey: 'key', baseURL, openTelemetry });
  await turn.observeResponse(() => anthropic.messages.create(ask));
}

import type { SessionTurn } from '@codex-otel/session-telemetry';
import { Agent, OpenAIProvider, Runner } from '@openai/agents';

const agent = new Agent({ name: 'hello', instructions: 'Say hello.', model: 'the-model' });

const runnerOf = (baseURL: string, useResponses: boolean) =>
  new Runner({
    modelProvider: new OpenAIProvider({ apiKey: 'key', baseURL, useResponses }),
    tracingDisabled: true,
  });

/** A run whose stream contains all its responses. */
export async function stream(turn: SessionTurn, baseURL: string, useResponses = true): Promise<void> {
  const run = await turn.observeResponse(() => runnerOf(baseURL, useResponses).run(agent, 'Hello?', { stream: true }));
  for await (const _event of run);
}

/** A run whose result contains all its responses. */
export async function whole(turn: SessionTurn, baseURL: string, useResponses = true): Promise<void> {
  await turn.observeResponse(() => runnerOf(baseURL, useResponses).run(agent, 'Hello?'));
}

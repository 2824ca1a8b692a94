// A page on the API 1.9, typed without Node and for engines that do not know `using`.
import { startTurn, tokenUsageFromResponse } from '@codex-otel/token-usage';
import { injectSpanW3cTraceHeaders, W3cPropagator } from '@codex-otel/trace-context';
import type { Tracer } from '@opentelemetry/api';
import { propagation } from '@opentelemetry/api';

propagation.setGlobalPropagator(new W3cPropagator());

/** Sends a question as a turn of its own. */
export async function ask(tracer: Tracer, question: string): Promise<number> {
  const turn = startTurn({ tracer, threadId: 'thread-1', turnId: 'turn-1', model: 'm' });
  const headers = new Headers();
  injectSpanW3cTraceHeaders(turn.span, headers);
  const answer = await fetch('/ask', { method: 'POST', headers, body: question });
  turn.addResponse(tokenUsageFromResponse(await answer.json()));
  return turn.end().totalTokens;
}

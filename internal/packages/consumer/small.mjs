// What runs on Node 20 too: the two packages that pages use.
import { startTurn, tokenUsageFromResponse } from '@codex-otel/token-usage';
import { createW3cTraceContext, parseTraceparent } from '@codex-otel/trace-context';

const turn = startTurn({ threadId: 'thread-1', turnId: 'turn-1', model: 'm' });
turn.addResponse(tokenUsageFromResponse({ input_tokens: 3, output_tokens: 5, total_tokens: 8 }));
const parsed = parseTraceparent(createW3cTraceContext().traceparent);
console.log(turn.end().totalTokens, parsed?.traceId.length);

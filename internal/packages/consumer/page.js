// A page: continues a trace and counts the tokens of a turn.
import { startTurn, tokenUsageFromResponse } from '@codex-otel/token-usage';
import {
  contextFromW3cTraceContext,
  createW3cTraceContext,
  injectSpanW3cTraceHeaders,
} from '@codex-otel/trace-context';
import { trace } from '@opentelemetry/api';

const remote = createW3cTraceContext();
const headers = new Headers();
injectSpanW3cTraceHeaders(trace.getSpan(contextFromW3cTraceContext(remote)), headers);
const turn = startTurn({ threadId: 'thread-1', turnId: 'turn-1', model: 'm' });
turn.addResponse(tokenUsageFromResponse({ input_tokens: 3, output_tokens: 5, total_tokens: 8 }));
globalThis.pageResult = [headers.get('traceparent') === remote.traceparent, turn.end().totalTokens];

import { runDemo } from '@codex-otel/example-cli';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { GenAiMode } from '@codex-otel/session-telemetry';
import type { Received } from './pipeline.ts';
import { startPipeline } from './pipeline.ts';
import { shippedStream, streamOf } from './streams.ts';

/** The session of the demo. */
export async function demoSession(genAi?: GenAiMode): Promise<Received> {
  const collector = await startOtlpCollector({ grpc: false });
  try {
    await runDemo({ collector, paceMillis: 0, otelConfig: genAi === undefined ? '' : `gen_ai = "${genAi}"` });
    return { spans: collector.spans(), logRecords: collector.logRecords(), metrics: collector.metrics() };
  } finally {
    await collector.close();
  }
}

/** A turn with what the demo lacks: a failing call of a model, a named agent's server, MCP. */
export async function furtherSession(genAi?: GenAiMode): Promise<Received> {
  const { startTurn, finish } = await startPipeline();
  const turn = startTurn({ genAi, genAiServer: 'https://api.openai.com/v1', reasoningEffort: 'low' });
  const request = { temperature: 0.5, max_output_tokens: 100, text: { format: { type: 'json_schema' } } };
  for await (const _ of turn.observeResponse(streamOf(await shippedStream('2-answer')), { request }));
  await turn.observeResponse(() => Promise.reject(new TypeError('fetch failed'))).catch(() => undefined);
  const mcp = { serverName: 'docs', toolName: 'search', callId: 'call-1', serverOrigin: 'https://mcp.example.com/mcp' };
  await turn.mcpToolCall(mcp, () => ({ content: [] }));
  const refused = Object.assign(new Error('no such tool'), { code: -32_602 });
  await turn.mcpToolCall({ ...mcp, serverOrigin: 'stdio' }, () => Promise.reject(refused)).catch(() => undefined);
  const tool = { toolName: 'shell', callId: 'call-2', arguments: '{}' };
  await turn.tool(tool, () => Promise.reject(new Error('no'))).catch(() => undefined);
  turn.end({ error: refused });
  return await finish();
}

// `npm start`: runs the example against a collector of its own and prints what arrived.
import type { OtlpCollector, ReceivedSpan } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { runExample } from './example.ts';

const collector = await startOtlpCollector();
console.log(`answer: ${await runExample(collector.grpcUrl, 'What is six times seven?')}\n`);
console.log(report(collector));
await collector.close();

function report(received: OtlpCollector): string {
  const spans = received.spans();
  const records = received.logRecords().map(({ eventName }) => eventName);
  return [
    ...spans.filter(({ parentSpanId }) => parentSpanId === undefined).flatMap((root) => tree(root, spans)),
    `\nlogs:    ${[...new Set(records)].join(', ')}`,
    `metrics: ${[...new Set(received.metrics().map(({ name }) => name))].join(', ')}`,
  ].join('\n');
}

function tree(span: ReceivedSpan, spans: readonly ReceivedSpan[], indent = ''): readonly string[] {
  const { name, kind, attributes } = span;
  const event = attributes['codex.response.event'];
  const tokens = attributes['codex.turn.token_usage.total_tokens'] ?? attributes['codex.usage.total_tokens'];
  const line = [indent + name, kind === 'internal' ? '' : `(${kind})`, event, tokens && `${tokens} tokens`];
  const children = spans.filter(({ parentSpanId }) => parentSpanId === span.spanId);
  return [line.filter((part) => part).join(' '), ...children.flatMap((child) => tree(child, spans, `${indent}  `))];
}

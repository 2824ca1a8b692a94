import { SessionTelemetry } from '@codex-otel/session-telemetry';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { NoopSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Bench, BenchRow } from './bench.ts';
import { cpuMillis } from './cpu-clock.ts';
import { measureInterleaved } from './rounds.ts';
import { sessionMetadata } from './session-metadata.ts';
import { formatRatio, formatSpread } from './statistics.ts';

/** An answer as a model streams it: mostly pieces of text. */
const deltas = 2000;
const answer: readonly { readonly type: string; readonly [key: string]: unknown }[] = [
  { type: 'response.created', response: { id: 'resp_1' } },
  { type: 'response.output_item.added', item: { type: 'message', role: 'assistant', content: [] } },
  ...Array.from({ length: deltas }, () => ({ type: 'response.output_text.delta', delta: 'word ' })),
  { type: 'response.output_item.done', item: { type: 'message', role: 'assistant', content: [{ text: 'word' }] } },
  {
    type: 'response.completed',
    response: { id: 'resp_1', usage: { input_tokens: 3, output_tokens: 5, total_tokens: 8 } },
  },
];

async function* stream(): AsyncGenerator<(typeof answer)[number], void, undefined> {
  for (const event of answer) yield event;
}

async function nanosPerEvent(events: AsyncIterable<unknown>): Promise<number> {
  const startedAt = cpuMillis();
  let count = 0;
  for await (const _event of events) count += 1;
  return ((cpuMillis() - startedAt) * 1e6) / count;
}

/** Streams the answer through a turn whose spans are made and thrown away. */
async function observed(deltaSpans: boolean): Promise<number> {
  const provider = new TracerProvider({ spanProcessors: [new NoopSpanProcessor()] });
  const session = new SessionTelemetry(sessionMetadata, { tracer: provider.getTracer('codex_cli_rs') });
  const turn = session.startTurn({ turnId: 'turn-1', parent: ROOT_CONTEXT, deltaSpans });
  const nanos = await nanosPerEvent(turn.observeResponse(stream()));
  turn.end();
  return nanos;
}

/** One event of a model's stream on its way to the agent. */
export const bench: Bench = {
  title: 'Turn: one event of a stream',
  about:
    'Reading a stream of 2,000 text deltas: as it is; observed, where deltas are counted; observed with a span for ' +
    'each delta, as the original has them. Without logs and metrics, which the table of the session has. Budget: 200 ns ' +
    'beside the iteration.',
  missed: [
    '200 ns beside the iteration (230 to 290 ns of CPU time on a loaded machine). Two readings of the clock, which the ' +
      'wait for each event needs, are 72 ns, the wrapped iterator is 48 ns, and the rest goes to telling the kind of the ' +
      'event and its response. Tried: the iterator without a closure for each event, no gain beyond the noise.',
  ],
  columns: ['ns per event', '× as it is', 'ns beside the iteration'],
  chart: { title: 'One event of an observed stream', unit: 'ns', kind: 'bars' },
  async run() {
    const costs = await measureInterleaved(
      {
        'as it is': () => nanosPerEvent(stream()),
        observed: () => observed(false),
        'observed, deltaSpans': () => observed(true),
      },
      { rounds: 21, warmupRounds: 3 },
    );
    return Object.entries(costs).map(
      ([name, cost]): BenchRow => ({
        name,
        values: [
          formatSpread(cost),
          formatRatio(cost, costs['as it is']),
          (cost.median - costs['as it is'].median).toFixed(0),
        ],
        points: [{ value: cost.median }],
      }),
    );
  },
};

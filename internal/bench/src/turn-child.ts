// Reads streams of text deltas as they are and through a turn, in pairs; prints nanoseconds of an event, as TurnCost.
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { NoopSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { cpuMillis } from './cpu-clock.ts';
import { shuffled } from './rounds.ts';
import { sessionMetadata } from './session-metadata.ts';
import { summarize } from './statistics.ts';

/** Medians of one process. */
export interface TurnCost {
  /** The iteration itself. */
  readonly plain: number;
  /** What observing adds to it: the median of the differences between the two in the same round. */
  readonly observed: number;
  readonly withDeltaSpans: number;
}

type StreamEvent = { readonly type: string; readonly [key: string]: unknown };
type Way = 'plain' | 'observed' | 'withDeltaSpans';
const ways: readonly Way[] = ['plain', 'observed', 'withDeltaSpans'];
const rounds = 61;
const warmupRounds = 20;
const deltas = 4000;

/** An answer as a model streams it: mostly pieces of text. Made once, so that reading it makes as little as possible. */
const answer: readonly IteratorResult<StreamEvent>[] = [
  { type: 'response.created', response: { id: 'resp_1' } },
  { type: 'response.output_item.added', item: { type: 'message', role: 'assistant', content: [] } },
  ...Array.from({ length: deltas }, () => ({ type: 'response.output_text.delta', delta: 'word ' })),
  { type: 'response.output_item.done', item: { type: 'message', role: 'assistant', content: [{ text: 'word' }] } },
  {
    type: 'response.completed',
    response: { id: 'resp_1', usage: { input_tokens: 3, output_tokens: 5, total_tokens: 8 } },
  },
].map((value) => ({ value }));
const end: IteratorResult<StreamEvent, undefined> = { done: true, value: undefined };

/** A stream whose events are there already. */
function stream(): AsyncIterable<StreamEvent> {
  let next = 0;
  return { [Symbol.asyncIterator]: () => ({ next: async () => answer[next++] ?? end }) };
}

async function nanosPerEvent(events: AsyncIterable<unknown>): Promise<number> {
  const startedAt = cpuMillis();
  let count = 0;
  for await (const _event of events) count += 1;
  return ((cpuMillis() - startedAt) * 1e6) / count;
}

/** Spans are made and thrown away. */
const tracer = new TracerProvider({ spanProcessors: [new NoopSpanProcessor()] }).getTracer('codex_cli_rs');
const session = new SessionTelemetry(sessionMetadata, { tracer });

async function read(way: Way): Promise<number> {
  if (way === 'plain') return nanosPerEvent(stream());
  const deltaSpans = way === 'withDeltaSpans';
  const turn = session.startTurn({ turnId: 'turn-1', parent: ROOT_CONTEXT, deltaSpans });
  const nanos = await nanosPerEvent(turn.observeResponse(stream()));
  turn.end();
  return nanos;
}

const samples: { readonly [way in Way]: number[] } = { plain: [], observed: [], withDeltaSpans: [] };
for (let round = -warmupRounds; round < rounds; round += 1) {
  for (const way of shuffled(ways)) {
    const nanos = await read(way);
    if (round >= 0) samples[way].push(nanos);
  }
}
const beside = (way: Way) => summarize(samples[way].map((nanos, round) => nanos - (samples.plain[round] ?? 0))).median;
const cost: TurnCost = {
  plain: summarize(samples.plain).median,
  observed: beside('observed'),
  withDeltaSpans: beside('withDeltaSpans'),
};
console.log(JSON.stringify(cost));
process.exit(0);

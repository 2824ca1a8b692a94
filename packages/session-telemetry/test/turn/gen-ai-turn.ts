import type { MetricDescription, MetricsSink, Tags } from '@codex-otel/metrics';
import type { GenAiMode } from '../../src/turn/gen-ai/gen-ai.ts';
import type { SessionTurn } from '../../src/turn/session-turn.ts';
import { ANSWER, FAILURE, readAll, streamOf, TOOL_CALL, withId } from './response-streams.ts';

export const MODES: readonly GenAiMode[] = ['attributes', 'spans'];

/** One recorded value of a metric. */
export interface Recorded {
  readonly name: string;
  readonly value: number;
  readonly tags: Tags | undefined;
  readonly unit: string | undefined;
}

/** A metrics sink that keeps what is recorded. */
export function recordingSink(): { readonly metrics: MetricsSink; readonly recorded: Recorded[] } {
  const recorded: Recorded[] = [];
  const keep = (name: string, value: number, tags?: Tags, description?: MetricDescription) => {
    recorded.push({ name, value, tags, unit: description?.unit });
  };
  const metrics = {
    counter: keep,
    histogram: keep,
    recordDuration: keep,
    startTimer: () => ({ record: () => undefined, [Symbol.dispose]: () => undefined }),
    histogramWithBoundaries: (
      name: string,
      _bounds: readonly number[],
      value: number,
      tags?: Tags,
      description?: MetricDescription,
    ) => keep(name, value, tags, description),
  };
  return { metrics, recorded };
}

/** A turn that answers, calls tools and fails. */
export async function play(turn: SessionTurn): Promise<void> {
  await readAll(turn.observeResponse(streamOf(TOOL_CALL)));
  await turn.tool({ toolName: 'shell', callId: 'call_1', arguments: '{}' }, () => 'ok');
  await turn.mcpToolCall({ serverName: 'docs', toolName: 'search', callId: 'call_2', serverOrigin: 'stdio' }, () => '');
  await readAll(turn.observeResponse(streamOf(withId(ANSWER, 'resp_9'))));
  await readAll(turn.observeResponse(streamOf(FAILURE)));
}

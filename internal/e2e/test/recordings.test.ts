import type { SessionTurnOptions } from '@codex-otel/session-telemetry';
import { describeIfPresent, recordedEvents, recordedStreams, recordingsPresent } from '@codex-otel/testing';
import { compactTask } from '@codex-otel/token-usage';
import { expect, it } from '@jest/globals';
import type { StreamEvent } from '../src/index.ts';
import {
  inOrder,
  recordsOf,
  responsesOf,
  responseUsage,
  startPipeline,
  streamOf,
  sumUsage,
  turnUsage,
  usageRecords,
} from '../src/index.ts';

async function observe(events: readonly StreamEvent[], options?: Partial<SessionTurnOptions>) {
  const pipeline = await startPipeline();
  const turn = pipeline.startTurn(options);
  const passed: StreamEvent[] = [];
  for await (const event of turn.observeResponse(streamOf(events))) passed.push(event);
  turn.end();
  return { passed, ...(await pipeline.finish()) };
}

describeIfPresent('recorded streams through observeResponse', recordingsPresent, () => {
  const succeeding = recordedStreams().filter((name) => name !== 'openai-error.1');

  // Without the recordings, the skipped suite still needs a row.
  it.each(succeeding.length > 0 ? succeeding : ['none'])(
    '%s passes unchanged and in order, with its usage on the spans',
    async (name) => {
      const events = recordedEvents(name);
      const responses = responsesOf(events);
      const { passed, spans, logRecords } = await observe(events);

      expect(passed).toEqual(events);
      for (const [index, event] of passed.entries()) expect(event).toBe(events[index]);

      const withUsage = inOrder(spans).filter((span) => responseUsage(span) !== undefined);
      expect(withUsage.map((span) => [span.name, span.attributes['gen_ai.response.id'], responseUsage(span)])).toEqual(
        responses.map(({ id, usage }) => ['handle_responses', id, usage]),
      );
      expect(responses.length).toBeGreaterThan(0);
      expect(spans.filter(({ name: span }) => span === 'session_task.turn').map(turnUsage)).toEqual([
        sumUsage(responses.map(({ usage }) => usage)),
      ]);
      expect(usageRecords(logRecords).map(({ attributes }) => attributes['response.id'])).toEqual(
        responses.map(({ id }) => id),
      );
    },
  );

  it('openai-shell-tool.1 holds two responses, openai-reasoning-encrypted-content.1 four', () => {
    expect(responsesOf(recordedEvents('openai-shell-tool.1'))).toHaveLength(2);
    expect(responsesOf(recordedEvents('openai-reasoning-encrypted-content.1'))).toHaveLength(4);
  });

  it('a compact turn carries no usage, but its response does', async () => {
    const events = recordedEvents('openai-shell-skills.1');
    const { spans } = await observe(events, { task: compactTask });
    const turn = spans.find(({ name }) => name === 'session_task.compact');
    expect(turn && turnUsage(turn)).toBeUndefined();
    expect(spans.flatMap((span) => responseUsage(span) ?? [])).toEqual(responsesOf(events).map(({ usage }) => usage));
  });

  it('openai-error.1 gives a failed codex.sse_event and no usage attribute', async () => {
    const events = recordedEvents('openai-error.1');
    const { passed, spans, logRecords } = await observe(events);

    expect(passed).toEqual(events);
    const failed = recordsOf(logRecords, 'codex.sse_event').filter(
      ({ attributes }) => attributes['event.kind'] === 'response.failed',
    );
    expect(failed.map(({ attributes }) => attributes['error.message'])).toEqual([
      expect.stringContaining('insufficient_quota'),
    ]);
    expect(usageRecords(logRecords)).toEqual([]);
    expect(spans.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => key.includes('usage'))).toEqual(
      [],
    );
  });
});

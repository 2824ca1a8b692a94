import { describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import fc from 'fast-check';
import type { TurnToolOptions } from '../../src/turn/session-turn.ts';
import { sessionFixture } from '../session-fixture.ts';
import { fakeSession, reportedFailures } from './fake-session.ts';
import { bodyOf, readAll, streamOf } from './response-streams.ts';

const type = fc.constantFrom(
  'response.created',
  'response.output_item.added',
  'response.output_item.done',
  'response.output_text.delta',
  'response.completed',
  'response.incomplete',
  'response.failed',
  'error',
  '__proto__',
  'constructor',
);
const usage = fc.dictionary(
  fc.constantFrom('input_tokens', 'output_tokens', 'total_tokens', 'input_tokens_details'),
  fc.oneof(fc.nat(), fc.anything()),
);
const part = fc.oneof(fc.anything(), fc.record({ usage, id: fc.anything(), output: fc.anything() }));
const events = fc.array(
  fc.oneof(
    fc.anything(),
    fc.record({ type, item: part, response: part, choices: fc.array(part) }, { requiredKeys: [] }),
  ),
  { maxLength: 12 },
);

describe('whatever a model sends', () => {
  it('comes through unchanged, and only whole numbers are recorded as usage', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (sent) => {
        const { startTurn, spans } = fakeSession();
        const turn = startTurn({ genAi: 'attributes', deltaSpans: true });
        const received = await readAll(turn.observeResponse(streamOf(sent as { readonly type: string }[])));
        turn.end();
        expect(received).toHaveLength(sent.length);
        expect(received.every((event, index) => Object.is(event, sent[index]))).toBe(true);
        for (const { attributes } of spans()) {
          for (const [key, value] of Object.entries(attributes)) {
            if (!key.includes('_tokens')) continue;
            expect(Number.isSafeInteger(value) && Number(value) >= 0).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is read to its end as bytes', async () => {
    const text = fc.string({
      unit: fc.constantFrom('data:', 'event:', '{', '}', '"', '\n', '\r', ' ', 'type', '[DONE]', 'ü'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array(),
            text.map((each) => new TextEncoder().encode(each)),
          ),
        ),
        async (pieces) => {
          const { startTurn, spansNamed } = fakeSession();
          const turn = startTurn();
          await readAll(turn.observeSse(bodyOf(...pieces)));
          turn.end();
          expect(spansNamed('session_task.turn')).toHaveLength(1);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('cannot make recordResponses throw', () => {
    const { session } = sessionFixture();
    const span = trace.getTracer('none').startSpan('handle_responses');
    fc.assert(fc.property(fc.anything({ withObjectString: true }), (event) => session.recordResponses(span, event)));
    session.recordResponses(
      span,
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    );
  });

  it('is read whole, however large and in however many pieces', async () => {
    const data = 'x'.repeat(8 * 1024 * 1024);
    const bytes = new TextEncoder().encode(`data: {"type":"response.output_text.delta","delta":"${data}"}\n\n`);
    const pieces = Array.from({ length: 64 }, (_, index) => {
      const size = Math.ceil(bytes.length / 64);
      return bytes.subarray(index * size, (index + 1) * size);
    });
    const [event] = await readAll(
      fakeSession()
        .startTurn()
        .observeSse(bodyOf(...pieces)),
    );
    expect(event?.delta).toBe(data);
  });
});

describe('whatever a host passes', () => {
  /** What JavaScript lets a caller pass. */
  const as = <T>(value: unknown): T => value as T;
  const anything = fc.anything({ withBigInt: true, withNullPrototype: true });

  it('a turn starts, lets the agent work, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(anything, anything, async (value, other) => {
        const { startTurn } = fakeSession();
        for (const options of [{ signal: value }, { parent: value, links: other }, { model: value, task: other }]) {
          const turn = startTurn(as(options));
          expect(turn.observeResponse(as<AsyncIterable<{ readonly type: string }>>(value), as(other))).toBe(value);
          await expect(turn.tool(as<TurnToolOptions<string>>(value), () => 'result')).resolves.toBe('result');
          await expect(turn.mcpToolCall(as(value), () => 'result')).resolves.toBe('result');
          turn.recordResponse(as(value), as(other));
          const { message, close } = turn.observeWebsocket(as(value));
          message(value, as(other));
          close(value);
          turn.addResponse(as(value));
          turn.become(as(other));
          expect(turn.run(() => 'result')).toBe('result');
          turn.end(as(other));
        }
      }),
      { numRuns: 200 },
    );
    // Much of this cannot be used, which is reported.
    expect(reportedFailures.splice(0)).not.toEqual([]);
  });
});

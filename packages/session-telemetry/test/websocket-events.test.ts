import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import type { WebsocketEventOptions } from '../src/index.ts';
import { sessionFixture, sessionTags } from './session-fixture.ts';

const text = '{"type":"response.created"}';
const bytes = Buffer.from(text);

function recorded(input: Partial<WebsocketEventOptions>): ReturnType<typeof sessionFixture> {
  const fixture = sessionFixture();
  fixture.session.recordWebsocketEvent({ durationMillis: 80, ...input }, fixture.context);
  return fixture;
}

describe('recordWebsocketEvent', () => {
  it.each<[string, Partial<WebsocketEventOptions>, string, string]>([
    ['a text', { data: text }, 'response.created', 'true'],
    ['a Buffer, in which ws delivers text', { data: bytes }, 'response.created', 'true'],
    ['a Buffer that ws calls text', { data: bytes, isBinary: false }, 'response.created', 'true'],
    [
      'a list of Buffers that ws calls text',
      { data: [bytes.subarray(0, 5), bytes.subarray(5)], isBinary: false },
      'response.created',
      'true',
    ],
    [
      'an ArrayBuffer that ws calls text',
      { data: new Uint8Array(bytes).buffer, isBinary: false },
      'response.created',
      'true',
    ],
    [
      'an event object of the platform',
      { data: new MessageEvent('message', { data: text }) },
      'response.created',
      'true',
    ],
    ['a message that was parsed already', { event: { type: 'response.created' } }, 'response.created', 'true'],
    ['a failure', { data: '{"type":"response.failed"}' }, 'response.failed', 'false'],
    ['JSON without a type', { data: '{"type":7}' }, 'unknown', 'true'],
    ['JSON that is not an object', { data: '[1]' }, 'unknown', 'true'],
    ['text that is not JSON', { data: 'oops' }, 'parse_error', 'false'],
    ['a binary Buffer', { data: bytes, isBinary: true }, 'unknown', 'false'],
    ['a Buffer that is not text', { data: Buffer.from([0xff, 0xfe]) }, 'unknown', 'false'],
    ['an ArrayBuffer', { data: new Uint8Array(bytes).buffer }, 'unknown', 'false'],
    ['a Blob', { data: new Blob([text]) }, 'unknown', 'false'],
    ['a close', { frame: 'close', data: bytes }, 'unknown', 'false'],
    ['an event object of a close', { data: new Event('close') }, 'unknown', 'false'],
    ['an event object of an error', { data: new Event('error') }, 'unknown', 'false'],
    ['an error of the transport', { error: new Error('reset') }, 'unknown', 'false'],
    ['the end of the stream', {}, 'unknown', 'false'],
  ])('counts %s', (_what, input, kind, success) => {
    const { metrics, logs, events, session } = recorded(input);
    const tags = { ...sessionTags, kind, success };
    expect(metrics.calls).toEqual([
      { name: 'codex.websocket.event', value: 1, tags },
      { name: 'codex.websocket.event.duration_ms', value: 80, tags },
    ]);
    expect(logs()).toEqual([]);
    expect(events()).toEqual([]);
    expect(session.unusableValues).toBe(0);
  });

  it.each(['ping', 'pong'] as const)('case 68: ignores a %s', (frame) => {
    const { metrics, logs } = recorded({ frame, data: Buffer.alloc(0) });
    expect(metrics.calls).toEqual([]);
    expect(logs()).toEqual([]);
  });

  it('case 71: records the valid timings, with fractions between tokens', () => {
    const timing = {
      type: 'responsesapi.websocket_timing',
      timing_metrics: {
        responses_duration_excl_engine_and_client_tool_time_ms: '124',
        engine_service_total_ms: -1,
        engine_iapi_ttft_total_ms: 12.6,
        engine_iapi_tbt_across_engine_calls_ms: 12.6,
        engine_service_tbt_across_engine_calls_ms: 0,
      },
    };
    const { metrics, session } = recorded({ data: JSON.stringify(timing) });
    expect(metrics.calls.slice(2)).toEqual([
      { name: 'codex.responses_api_engine_iapi_ttft.duration_ms', value: 13, tags: sessionTags },
      { name: 'codex.responses_api_engine_iapi_tbt.duration_ms', value: 12.6, tags: sessionTags },
      { name: 'codex.responses_api_engine_service_tbt.duration_ms', value: 0, tags: sessionTags },
    ]);
    expect(metrics.calls[0]?.tags).toMatchObject({ kind: 'responsesapi.websocket_timing', success: 'true' });
    expect(session.unusableValues).toBe(0);
  });

  it('bounds the kinds that a peer can invent', () => {
    const { metrics } = recorded({ data: JSON.stringify({ type: `${'k'.repeat(1000)} !` }) });
    expect(metrics.calls[0]?.tags.kind).toBe('k'.repeat(256));
  });
});

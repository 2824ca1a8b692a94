import { tmpdir } from 'node:os';
import { parseOtelConfig } from '@codex-otel/config';
import { addTokenUsage, NO_TOKEN_USAGE, tokenUsageFromResponse } from '@codex-otel/token-usage';
import { describe, expect, it } from '@jest/globals';
import { startPipeline } from '../src/index.ts';

const options = { codexHome: tmpdir(), env: {}, serviceName: 'test', serviceVersion: '1.0.0' };

describe('invalid settings', () => {
  it.each([
    ['an unknown exporter kind', '[otel]\nexporter = "carrier-pigeon"', 'otel.exporter'],
    [
      'an endpoint that is not a URL',
      '[otel]\ntrace_exporter = { otlp-http = { endpoint = "not a url", protocol = "json" } }',
      'otel.trace_exporter.otlp-http.endpoint',
    ],
    [
      'an unknown protocol',
      '[otel]\nexporter = { otlp-http = { endpoint = "http://localhost:4318", protocol = "smoke" } }',
      'otel.exporter.otlp-http.protocol',
    ],
    ['no endpoint', '[otel]\nexporter = { otlp-http = { protocol = "json" } }', 'otel.exporter.otlp-http.endpoint'],
    ['a boolean that is a string', '[otel]\nlog_user_prompt = "yes"', 'otel.log_user_prompt'],
  ])('%s: an error that names the key', async (_what, toml, key) => {
    await expect(parseOtelConfig(toml, options)).rejects.toMatchObject({
      code: 'INVALID_OTEL_CONFIG',
      path: key,
      message: expect.stringContaining(key),
    });
  });

  it('TOML that does not parse: an error that says where', async () => {
    await expect(parseOtelConfig('[otel\nexporter = ', options)).rejects.toMatchObject({
      code: 'INVALID_OTEL_CONFIG',
      message: expect.stringMatching(/line 1|1:/),
    });
  });
});

describe('invalid usage', () => {
  const details = { input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
  it.each([
    ['strings', { input_tokens: '3', output_tokens: '5', total_tokens: '8', ...details }],
    ['negatives', { input_tokens: -3, output_tokens: 5, total_tokens: 2, ...details }],
    ['fractions', { input_tokens: 0.5, output_tokens: 5, total_tokens: 5.5, ...details }],
    ['nothing', undefined],
    ['null', null],
    ['text', 'many'],
  ])('%s: counts as no usage', (_what, usage) => {
    expect(tokenUsageFromResponse(usage)).toBeUndefined();
  });

  it('reaches no span, whichever way it is passed', async () => {
    const pipeline = await startPipeline();
    const turn = pipeline.startTurn();
    turn.addResponse({ ...NO_TOKEN_USAGE, inputTokens: Number.NaN });
    turn.addResponse({ ...NO_TOKEN_USAGE, outputTokens: -1 });
    turn.end();
    const { spans } = await pipeline.finish();
    expect(spans.flatMap(({ attributes }) => Object.keys(attributes).filter((key) => key.includes('usage')))).toEqual(
      [],
    );
  });

  it('does not spoil a sum', () => {
    const one = { ...NO_TOKEN_USAGE, inputTokens: 1, totalTokens: 1 };
    expect(addTokenUsage(one, one)).toEqual({ ...NO_TOKEN_USAGE, inputTokens: 2, totalTokens: 2 });
  });
});

describe('a session with invalid arguments', () => {
  it('does not throw, and keeps recording', async () => {
    const pipeline = await startPipeline();
    const { telemetry } = pipeline;
    const nonsense: readonly unknown[] = [undefined, null, 7, 'text', [], {}, () => 1];
    for (const value of nonsense) {
      // Agents written in plain JavaScript can pass anything.
      const anything = value as never;
      expect(() => {
        telemetry.userPrompt(anything);
        telemetry.toolResult(anything);
        telemetry.toolDecision(anything);
        telemetry.recordApiRequest(anything);
        telemetry.sseEventCompleted(anything);
        telemetry.conversationStarts(anything);
        telemetry.counter(anything, anything, anything);
      }).not.toThrow();
    }
    telemetry.userPrompt([{ type: 'text', text: 'still here' }]);
    const { logRecords } = await pipeline.finish();
    expect(logRecords.map(({ attributes }) => attributes.prompt_length)).toContain('10');
  });
});

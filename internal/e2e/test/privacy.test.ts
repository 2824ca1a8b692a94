import { readSession, runDemo } from '@codex-otel/example-cli';
import type { OtlpCollector, ReceivedLogRecord, ReceivedMetric, ReceivedSpan } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordsOf } from '../src/index.ts';

/** All texts in a piece of telemetry. */
function textOf(telemetry: readonly (ReceivedSpan | ReceivedLogRecord | ReceivedMetric)[]): string {
  return JSON.stringify(telemetry, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}

/** What the user typed, the model said and the tools were asked for and answered. */
async function content(answers: readonly string[]): Promise<readonly string[]> {
  const { turns } = await readSession();
  const prompts = turns.flatMap((turn) => (turn.kind === 'prompt' ? [turn.prompt] : []));
  return [...prompts, ...answers, '\\"ls\\"', '--version', '2-list-recordings.jsonl', process.version];
}

describe.each([
  ['by default', ''],
  ['with prompts and answers logged', 'log_user_prompt = true\nlog_agent_responses = true'],
])('content of the demo %s', (_how, otelConfig) => {
  let collector: OtlpCollector;
  let answers: readonly string[];
  beforeAll(async () => {
    collector = await startOtlpCollector({ grpc: false });
    const { turns } = await runDemo({ collector, paceMillis: 0, otelConfig });
    answers = turns.map(({ answer }) => answer);
  });
  afterAll(() => collector.close());

  it('is in no span and in no metric', async () => {
    const spans = textOf(collector.spans());
    const metrics = textOf(collector.metrics());
    expect(answers).toHaveLength(4);
    for (const text of await content(answers)) {
      expect(text.length).toBeGreaterThan(3);
      expect(spans).not.toContain(text);
      expect(metrics).not.toContain(text);
    }
  });

  it('is in the records only if the settings allow it', async () => {
    const records = textOf(collector.logRecords());
    const prompts = recordsOf(collector.logRecords(), 'codex.user_prompt').map(({ attributes }) => attributes.prompt);
    const { turns } = await readSession();
    expect(prompts).toEqual(
      turns.flatMap((turn) => (turn.kind === 'prompt' ? [otelConfig === '' ? '[REDACTED]' : turn.prompt] : [])),
    );
    expect(records).toContain('2-list-recordings.jsonl');
    expect(answers.slice(0, 3).map((answer) => records.includes(answer))).toEqual(Array(3).fill(otelConfig !== ''));
  });

  it('never has the key of the model’s service', () => {
    const everything = [...collector.spans(), ...collector.logRecords(), ...collector.metrics()];
    expect(textOf(everything)).not.toContain('local-model-server');
    expect(textOf(everything)).not.toContain('Bearer');
  });
});

import { isOtelShutdownError } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import { patience } from '@codex-otel/testing';
import { regularTask } from '@codex-otel/token-usage';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Span } from '@opentelemetry/api';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { startPipeline } from '../../src/index.ts';
import type { Pipeline } from '../../src/pipeline.ts';
import { attack, methodNames, prototypes, survives } from './hostile-calls.ts';
import { CONTENT, SECRET, wildValues } from './wild-values.ts';

type Arguments = () => readonly unknown[];

/** Takes functions of the agent, which are attacked one by one below. */
const withFunctions = ['logRequest', 'logToolResult', 'startTurn'];
/** Documented to reject without a reader. */
const rejecting = ['snapshotMetrics', 'shutdownMetrics'];
const recorders = [
  'agentCommunication',
  'agentCommunicationState',
  'agentResponse',
  'agentResponseLogger',
  'conversationStarts',
  'counter',
  'genAiInferenceDetails',
  'guardianAssessment',
  'histogram',
  'logSseEvent',
  'logToolFailed',
  'openTurns',
  'recordApiRequest',
  'recordAuthRecovery',
  'recordDuration',
  'recordGuardianReview',
  'recordPluginInstallElicitationSent',
  'recordPluginInstallSuggestion',
  'recordResponses',
  'recordRetry',
  'recordStartupPhase',
  'recordToolCallReceived',
  'recordToolResultReady',
  'recordTurnCost',
  'recordTurnProfile',
  'recordTurnProgress',
  'recordTurnTtft',
  'recordWebsocketConnect',
  'recordWebsocketEvent',
  'recordWebsocketRequest',
  'resetRuntimeMetrics',
  'runtimeMetricsSummary',
  'sandboxOutcome',
  'skillInvocation',
  'sseEventCompleted',
  'sseEventCompletedFailed',
  'sseEventFailed',
  'startTimer',
  'toolDecision',
  'toolResult',
  'userPrompt',
  'withAuthEnv',
  'withInferenceRequest',
  'withMetrics',
  'withMetricsServiceName',
  'withMetricsWithoutMetadataTags',
  'withModel',
  'withProductSku',
  'withToolResultMaxBytes',
  'withUserId',
];

/** Every option for content has content; the rest is as an agent would have it. */
const options = {
  arguments: CONTENT,
  output: CONTENT,
  text: CONTENT,
  prompt: CONTENT,
  response: CONTENT,
  rationale: CONTENT,
  error: Object.assign(new Error(CONTENT), { name: CONTENT, code: CONTENT }),
  errorMessage: CONTENT,
  type: 'text',
  toolName: 'shell',
  callId: 'call',
  success: false,
  durationMillis: 1,
  tags: { a: 'b' },
  event: { type: 'response.failed', response: { id: 'r', error: { code: CONTENT, message: CONTENT } } },
  data: `{"type":"response.failed","response":{"error":{"message":"${CONTENT}"}}}`,
  itemId: 'item',
  turnId: 'turn',
};

let pipeline: Pipeline;
let telemetry: SessionTelemetry;
let span: Span;
const untouched = prototypes();

beforeAll(async () => {
  pipeline = await startPipeline();
  const { provider } = pipeline;
  telemetry = new SessionTelemetry(
    {
      conversationId: 'c-1',
      model: 'm',
      slug: 's',
      accountId: `${CONTENT} (account)`,
      accountEmail: `${CONTENT}@example.com`,
      originator: 'codex_cli_rs',
      logUserPrompts: true,
      logAgentResponses: true,
      logGuardianAssessments: true,
      terminalType: 't',
      sessionSource: 'cli',
      appVersion: '1',
    },
    { logger: provider.logger, metrics: provider.metrics, tracer: provider.tracer },
  );
});
afterEach(async () => {
  expect(prototypes()).toBe(untouched);
  // A queue holds only so much; after the last test it has ended.
  await survives(() => pipeline.provider.forceFlush(patience), isOtelShutdownError);
});

function method(object: object, name: string): (...args: readonly unknown[]) => unknown {
  const found: unknown = Reflect.get(object, name);
  if (typeof found !== 'function') throw new Error(`${name} is no method`);
  return (...args) => Reflect.apply(found, object, args);
}

const turn = () => telemetry.startTurn({ turnId: 't' });
/** The agent's own work, which must run, and its result, which must be returned. */
const work = async () => ({ output: CONTENT });
async function* source(values: readonly unknown[]): AsyncGenerator<unknown> {
  for (const value of values) yield await value;
}
const plainEvents = [
  { type: 'response.created' },
  { type: 'response.output_item.done', item: { type: 'message', role: 'assistant', content: [{ text: CONTENT }] } },
  { type: 'response.completed', response: { id: 'r', usage: { input_tokens: 1, output_tokens: 1 } } },
];
/** Values that can be awaited: the others end the agent's own stream before our code sees them. */
const eventValues = wildValues.filter((value) => {
  try {
    return Reflect.get(Object(value), 'then') === undefined;
  } catch {
    return false;
  }
});

function property(value: unknown, key: number): unknown {
  try {
    return Reflect.get(Object(value), key);
  } catch {
    return undefined;
  }
}

/** A value that was spoiled inside is not a wild value itself, so it is as safe to await as the original. */
function isSafe(value: unknown): boolean {
  return eventValues.includes(value) || plainEvents.some((event) => event === value);
}

async function drained(stream: unknown): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for await (const value of stream as AsyncIterable<unknown>) seen.push(value); // what was observed is iterable
  return seen;
}

describe('a session, handed anything', () => {
  it('has every method attacked', () => {
    expect(methodNames(telemetry)).toEqual([...recorders, ...withFunctions, ...rejecting].sort());
    expect(methodNames(turn())).toEqual(
      [
        ...[`@@${Symbol.dispose.description}`, 'addResponse', 'become', 'end', 'mcpToolCall', 'observeChatCompletion'],
        ...['observeResponse', 'observeSse', 'observeWebsocket', 'recordResponse', 'recordRetry'],
        ...['requestApproval', 'run', 'tool'],
        // Between a turn and its streams; not in the type that it is given out under.
        ...['inferenceCall', 'inferenceEnded', 'messageDone', 'messageStarted', 'responseEnded', 'tokenArrived'],
      ].sort(),
    );
  });

  it.each(recorders)('%s throws nothing', async (name) => {
    span = pipeline.provider.tracer.startSpan('session_task.turn');
    const context = trace.setSpan(ROOT_CONTEXT, span);
    const args: Arguments = () => [name === 'userPrompt' ? [options] : options, context, { a: 'b' }];
    await attack((given) => method(telemetry, name)(...given), { args, runs: 200 });
    span.end();
  });

  it('runs the work of requests and tools, and returns its result', async () => {
    for (const value of wildValues) {
      const args = [value, work, value];
      for (const name of withFunctions.slice(0, 2)) {
        await expect(method(telemetry, name)(...args)).resolves.toEqual({ output: CONTENT });
      }
      for (const name of ['tool', 'mcpToolCall']) {
        await expect(method(turn(), name)(value, work)).resolves.toEqual({ output: CONTENT });
        const spoiled = { ...options, serverName: value, serverOrigin: value, meta: value, parent: value };
        await expect(method(turn(), name)(spoiled, work)).resolves.toEqual({ output: CONTENT });
      }
    }
  });

  it.each(['recordRetry', 'requestApproval'])('%s of a turn throws nothing, nor does what it gives', async (name) => {
    const args: Arguments = () => [{ ...options, attempt: 1, delayMillis: 5, requestedAt: 1 }, 'approved'];
    await attack(
      ([given, decision]) => {
        const started = turn();
        const made = method(started, name)(given);
        if (made !== undefined) method(Object(made), 'end')(decision);
        started.end();
      },
      { args, runs: 200 },
    );
  });

  it('starts a turn of anything, and ends it', async () => {
    const args: Arguments = () => [
      {
        turnId: 't',
        task: regularTask,
        threadId: 'a-b',
        reasoningEffort: 'low',
        parent: ROOT_CONTEXT,
        links: [],
        deltaSpans: true,
        genAi: 'attributes',
        genAiProvider: 'openai',
        genAiServer: 'https://api.example.com',
        genAiOldMetrics: true,
        signal: new AbortController().signal,
        parentConversationId: 'p',
        rootTurnId: 'r',
        helper: true,
        now: () => 1,
      },
      { status: 'failed', error: new Error(CONTENT), endTime: 1 },
    ];
    await attack(
      ([start, end]) => {
        const started = Object(method(telemetry, 'startTurn')(start));
        for (const name of ['addResponse', 'become', 'recordResponse', 'end']) method(started, name)(end);
      },
      { args, runs: 400 },
    );
  });

  it.each(['observeResponse', 'observeChatCompletion'])('%s passes anything through', async (name) => {
    for (const value of eventValues) {
      const own = source(value === undefined ? [] : [value, value]);
      const observed = method(turn(), name)(own, value);
      expect(observed).toBe(own);
      expect(await drained(observed)).toHaveLength(value === undefined ? 0 : 2);
    }
    await attack(
      async ([events]) => {
        const given = plainEvents.map((_event, index) => property(events, index)).filter(isSafe);
        const seen = await drained(method(turn(), name)(source(given)));
        // By identity: a deep comparison asks the getters.
        expect(seen.map((value, index) => Object.is(value, given[index]))).toEqual(given.map(() => true));
      },
      { args: () => [plainEvents], runs: 60 },
    );
  });

  it('does not observe a value that is not a stream, and does not change it', () => {
    // A function makes a request, so it is called.
    for (const value of wildValues.filter((each) => typeof each !== 'function')) {
      expect(Object.is(method(turn(), 'observeResponse')(value), value)).toBe(true);
    }
  });

  it('reads any server-sent events', async () => {
    for (const value of wildValues) {
      const text = typeof value === 'string' ? value : 'x';
      const body = source([`data: {"type":"response.created"}\n\ndata: ${text}\n\nevent: ${text}\ndata: {"a":1}\n\n`]);
      const given = typeof value === 'number' && value > 0 ? undefined : value;
      const read = await drained(method(turn(), 'observeSse')(body, { requestedAt: value, idleTimeoutMillis: given }));
      expect(read.length).toBeGreaterThanOrEqual(1);
    }
  });

  it('observes any message of a socket', async () => {
    for (const value of wildValues) {
      const observer = turn().observeWebsocket();
      method(observer, 'message')(value, value);
      method(observer, 'message')(JSON.stringify(plainEvents[2]));
      method(observer, 'close')(value);
    }
  });

  it('puts none of it on spans, and no secret anywhere', async () => {
    telemetry.userPrompt([{ type: 'text', text: CONTENT }]);
    const { spans, logRecords, metrics } = await pipeline.finish();
    const textOf = (value: unknown) =>
      JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}` : part));
    expect(spans.length).toBeGreaterThan(300);
    expect(textOf(logRecords)).toContain(CONTENT);
    expect(spans.filter((each) => textOf(each).includes(CONTENT)).map(({ name }) => name)).toEqual([]);
    expect(textOf(metrics)).not.toContain(CONTENT);
    expect(textOf([spans, logRecords, metrics])).not.toContain(SECRET);
  });
});

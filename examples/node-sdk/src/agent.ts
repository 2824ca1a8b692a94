import { execFile } from 'node:child_process';
import http from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createMetricsClient } from '@codex-otel/metrics';
import type { SessionTurn } from '@codex-otel/session-telemetry';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import type { TokenUsage } from '@codex-otel/token-usage';
import { childProcessEnv } from '@codex-otel/trace-context';
import { logs, metrics, trace } from '@opentelemetry/api';

const MODEL = 'gpt-5.1-codex';
const run = promisify(execFile);

/** An answer, and the tokens that it cost. */
export interface Answer {
  readonly text: string;
  readonly usage: TokenUsage;
}

/** Answers a question in one turn. */
export type Agent = (question: string) => Promise<Answer>;

/** An agent whose telemetry goes to the providers that the host has registered. */
export async function createAgent(modelUrl: string): Promise<Agent> {
  const session = new SessionTelemetry(
    {
      conversationId: crypto.randomUUID(),
      originator: 'question-service',
      terminalType: 'none',
      sessionSource: 'exec',
      model: MODEL,
      slug: MODEL,
      appVersion: '1.0.0',
    },
    {
      tracer: trace.getTracer('codex_exec'),
      logger: logs.getLogger('codex_otel.log_only'),
      metrics: await createMetricsClient({ meterProvider: metrics.getMeterProvider() }),
    },
  );
  return async (question) => {
    // A child of the active span, which is the host's own below that of the HTTP request.
    const turn = session.startTurn({ turnId: crypto.randomUUID() });
    try {
      const text = await turn.run(() => converse(session, turn, modelUrl, question));
      return { text, usage: turn.end() };
    } catch (error) {
      turn.end({ error });
      throw error;
    }
  };
}

/** Asks the model until it answers, and runs the tools that it calls. */
async function converse(session: SessionTelemetry, turn: SessionTurn, url: string, question: string): Promise<string> {
  session.userPrompt([{ type: 'text', text: question }]);
  let answer: string | undefined;
  while (answer === undefined) {
    const requestedAt = performance.now();
    const response = await session.logRequest(1, () => post(url));
    for await (const { type, item } of turn.observeSse(response, { requestedAt })) {
      if (type !== 'response.output_item.done') continue;
      const done = item as OutputItem;
      if (done.type === 'message') {
        answer = done.content[0].text;
      } else {
        const call = { toolName: done.name, callId: done.call_id, arguments: done.arguments };
        await turn.tool(call, () => evaluate(done.arguments));
      }
    }
  }
  return answer;
}

/** The output items of this example's model. */
type OutputItem =
  | { readonly type: 'message'; readonly content: readonly [{ readonly text: string }] }
  | { readonly type: 'function_call'; readonly name: string; readonly call_id: string; readonly arguments: string };

/** Sends the request by the instrumented `node:http`, which makes the client span and sets the headers. */
function post(url: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST' }, (response) => {
      resolve(new Response(Readable.toWeb(response), { status: response.statusCode ?? 500 }));
    });
    request.on('error', reject);
    request.end();
  });
}

/** Evaluates an expression in a process of its own, which sees the tool's span as its parent. */
async function evaluate(json: string): Promise<string> {
  const { expression } = JSON.parse(json);
  const program = `console.log(process.env.TRACEPARENT, ${expression})`;
  const { stdout } = await run(process.execPath, ['--eval', program], { env: childProcessEnv(process.env) });
  return stdout;
}

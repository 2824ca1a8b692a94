// A small agent on the packages, as their users write one: it plays the same scenes as Codex, with the same input.
// Its argument is a task; settings come from $CODEX_HOME/config.toml.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { loadOtelSettings } from '@codex-otel/config';
import { codexMetricNames, recordProcessStart } from '@codex-otel/metrics';
import { createOtelProvider } from '@codex-otel/provider';
import type { SessionTurn } from '@codex-otel/session-telemetry';
import { SessionTelemetry, sessionOptionsFromSettings } from '@codex-otel/session-telemetry';
import type { SessionTask, TokenUsage } from '@codex-otel/token-usage';
import { compactTask, regularTask, reviewTask, userShellTask } from '@codex-otel/token-usage';
import { childProcessEnv, injectSpanW3cTraceHeaders } from '@codex-otel/trace-context';
import type { Tracer } from '@opentelemetry/api';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { WebSocket } from 'ws';
import { MODEL } from './model-stream.ts';
import type { Scene } from './scenes.ts';
import { SHELL_TOOL } from './scenes.ts';

/** The input of the agent. */
export interface AgentTask {
  readonly mode: 'exec' | 'app-server';
  readonly transport: 'http' | 'websocket';
  readonly scenes: readonly Scene[];
}

interface Item {
  readonly type: string;
  readonly name?: string;
  readonly call_id?: string;
  readonly arguments?: string;
}

interface ModelOutput {
  readonly type: string;
  readonly item?: Item;
  readonly response?: { readonly error?: { readonly message: string } | null };
}

/** What one request to the model gave. */
interface Answer {
  readonly items: readonly Item[];
  readonly end: 'completed' | 'failed' | 'incomplete' | 'cut';
}

const PRICE_OF_A_RETRY_MILLIS = 50;
const TASKS: Readonly<Record<Scene['act'], SessionTask>> = {
  prompt: regularTask,
  compact: compactTask,
  review: reviewTask,
  shell: userShellTask,
};

class Agent {
  readonly #session: SessionTelemetry;
  readonly #tracer: Tracer;
  readonly #task: AgentTask;
  readonly #modelUrl: string;
  #socket: WebSocket | undefined;
  #usage: TokenUsage | undefined;
  #inputs: object[] = [];

  constructor(session: SessionTelemetry, tracer: Tracer, task: AgentTask, modelUrl: string) {
    this.#session = session;
    this.#tracer = tracer;
    this.#task = task;
    this.#modelUrl = modelUrl;
  }

  startThread(): void {
    const span = this.#tracer.startSpan('thread/start', { kind: SpanKind.SERVER });
    const context = trace.setSpan(ROOT_CONTEXT, span);
    this.#session.conversationStarts(
      {
        providerName: 'Mock',
        reasoningEffort: 'medium',
        reasoningSummary: 'auto',
        approvalPolicy: 'never',
        sandboxPolicy: 'danger-full-access',
        mcpServers: [],
      },
      context,
    );
    for (const startupPhase of ['thread_start_create_thread', 'thread_start_total'] as const) {
      this.#session.recordStartupPhase({ startupPhase, startupStatus: 'ready', durationMillis: 12 }, context);
    }
    this.#session.counter(codexMetricNames.threadStarted, 1, { is_git: 'false', is_worktree: 'false' });
    span.end();
  }

  async play(scene: Scene): Promise<void> {
    const { interruptAfterMillis } = scene;
    const signal = interruptAfterMillis === undefined ? undefined : AbortSignal.timeout(interruptAfterMillis);
    const turn = this.#session.startTurn({
      task: TASKS[scene.act],
      turnId: randomUUID(),
      reasoningEffort: 'medium',
      sessionUsage: this.#usage,
      signal,
    });
    try {
      if (scene.act === 'prompt') this.#session.userPrompt([{ type: 'text', text: scene.name }], turn.context);
      this.#inputs.push({ type: 'message', role: 'user', content: [{ type: 'input_text', text: scene.name }] });
      if (scene.act === 'shell') await runShell('echo shell', turn);
      else await this.#converse(turn, scene, signal);
      turn.end();
    } catch (error) {
      turn.end({ status: 'failed', error });
    }
    this.#usage = turn.sessionUsage;
  }

  close(): void {
    this.#socket?.close();
  }

  async #converse(turn: SessionTurn, scene: Scene, signal: AbortSignal | undefined): Promise<void> {
    for (let reconnects = 0; ; ) {
      const answer =
        this.#task.transport === 'http' ? await this.#post(turn, signal) : await this.#sendOverSocket(turn);
      if (signal?.aborted) return;
      if (answer.end === 'failed' || answer.end === 'incomplete') throw new Error(`the response is ${answer.end}`);
      if (answer.end === 'cut') {
        reconnects += 1;
        if (reconnects > 1) throw new Error('the stream was cut');
        turn.recordRetry({ attempt: reconnects, delayMillis: 0, layer: 'stream', operation: 'sampling' });
        continue;
      }
      this.#inputs.push(...answer.items);
      const calls = answer.items.filter(({ type }) => type === 'function_call');
      for (const call of calls) {
        const output = await this.#runTool(turn, call, scene);
        this.#inputs.push({ type: 'function_call_output', call_id: call.call_id, output });
      }
      if (calls.length === 0) return;
    }
  }

  #body(): string {
    return JSON.stringify({ model: MODEL, stream: true, store: false, input: this.#inputs, tools: [] });
  }

  async #post(turn: SessionTurn, signal: AbortSignal | undefined): Promise<Answer> {
    const requestedAt = performance.now();
    const response = await this.#request(turn);
    return readAnswer(turn.observeSse(response, { requestedAt }), signal);
  }

  /** Sends the request, and repeats it once if the server cannot answer. */
  async #request(turn: SessionTurn): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const span = this.#tracer.startSpan('stream_request', {}, turn.context);
      const headers = new Headers({ authorization: 'Bearer mock', 'content-type': 'application/json' });
      injectSpanW3cTraceHeaders(span, headers);
      const startedAt = performance.now();
      const response = await fetch(`${this.#modelUrl}/responses`, { method: 'POST', headers, body: this.#body() });
      this.#session.recordApiRequest(
        {
          endpoint: '/responses',
          attempt,
          durationMillis: performance.now() - startedAt,
          httpResponseStatusCode: response.status,
          errorMessage: response.ok ? undefined : `http ${response.status}`,
          authHeaderAttached: true,
          authHeaderName: 'authorization',
          authRetryAfterUnauthorized: false,
        },
        trace.setSpan(turn.context, span),
      );
      span.end();
      if (response.ok) return response;
      await response.text();
      if (attempt > 0 || response.status < 500) throw new Error(`http ${response.status}`);
      turn.recordRetry({ attempt: attempt + 1, delayMillis: PRICE_OF_A_RETRY_MILLIS, requestedAt: startedAt });
      await pause(PRICE_OF_A_RETRY_MILLIS);
    }
  }

  async #sendOverSocket(turn: SessionTurn): Promise<Answer> {
    const socket = await this.#connected(turn);
    const observer = turn.observeWebsocket();
    const events: ModelOutput[] = [];
    const over = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        observer.message(data);
        const event: ModelOutput = JSON.parse(String(data));
        events.push(event);
        // The server's timing event comes last.
        if (event.type === 'responsesapi.websocket_timing') resolve();
      });
    });
    const startedAt = performance.now();
    observer.request();
    socket.send(JSON.stringify({ type: 'response.create', model: MODEL, input: this.#inputs, tools: [] }));
    this.#session.recordWebsocketRequest(
      { durationMillis: performance.now() - startedAt, authConnectionReused: true },
      turn.context,
    );
    await over;
    socket.removeAllListeners('message');
    return readAnswer(events);
  }

  async #connected(turn: SessionTurn): Promise<WebSocket> {
    if (this.#socket !== undefined) return this.#socket;
    const startedAt = performance.now();
    const socket = new WebSocket(`${this.#modelUrl.replace('http', 'ws')}/responses`);
    await new Promise((resolve, reject) => {
      socket.on('open', resolve).on('error', reject);
    });
    this.#session.recordWebsocketConnect(
      {
        endpoint: '/responses',
        durationMillis: performance.now() - startedAt,
        authHeaderAttached: true,
        authHeaderName: 'authorization',
        authRetryAfterUnauthorized: false,
        authConnectionReused: false,
      },
      turn.context,
    );
    this.#socket = socket;
    return socket;
  }

  async #runTool(turn: SessionTurn, { name = '', call_id: callId = '', arguments: text = '' }: Item, scene: Scene) {
    const { cmd }: { readonly cmd?: string } = JSON.parse(text);
    const call = { toolName: name, callId, arguments: text };
    if (name !== SHELL_TOOL || cmd === undefined) {
      const errorMessage = name === SHELL_TOOL ? 'missing field `cmd`' : `unsupported call: ${name}`;
      this.#session.logToolFailed({ ...call, errorMessage }, turn.context);
      return errorMessage;
    }
    if (scene.approval === 'decline') {
      this.#session.toolDecision({ toolName: name, callId, decision: 'denied', source: 'User' }, turn.context);
      const output = 'rejected by user';
      const tags = { sandbox: 'seccomp', sandbox_policy: 'read-only' };
      this.#session.toolResult({ ...call, output, success: false, durationMillis: 0, tags }, turn.context);
      return output;
    }
    this.#session.toolDecision({ toolName: name, callId, decision: 'approved', source: 'Config' }, turn.context);
    const tags = { sandbox: 'none', sandbox_policy: 'danger-full-access' };
    return turn.tool({ ...call, tags }, () => runShell(cmd, turn));
  }
}

async function readAnswer(events: AsyncIterable<object> | Iterable<object>, signal?: AbortSignal): Promise<Answer> {
  const items: Item[] = [];
  let end: Answer['end'] = 'cut';
  for await (const event of events as AsyncIterable<ModelOutput>) {
    if (signal?.aborted) break;
    if (event.type === 'response.output_item.done' && event.item !== undefined) items.push(event.item);
    if (event.type === 'response.completed') end = 'completed';
    if (event.type === 'response.failed') end = 'failed';
    if (event.type === 'response.incomplete') end = 'incomplete';
  }
  return { items, end };
}

function runShell(command: string, turn: SessionTurn): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = childProcessEnv(process.env, turn.span);
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk);
      });
    }
    child.on('error', reject).on('close', (code) => resolve(`exit code ${code}\n${output}`));
  });
}

const task: AgentTask = JSON.parse(process.argv[2] ?? '');
const isExec = task.mode === 'exec';
const serviceName = isExec ? 'codex_exec' : 'codex-app-server';
const settings = await loadOtelSettings({ serviceName, serviceVersion: '0.171.0' });
const otel = await createOtelProvider(settings);
if (otel?.metrics !== undefined) recordProcessStart(otel.metrics, serviceName);
const session = new SessionTelemetry(
  {
    ...sessionOptionsFromSettings(settings),
    conversationId: randomUUID(),
    model: MODEL,
    slug: MODEL,
    originator: isExec ? 'codex_exec' : 'conformance',
    terminalType: process.env.TERM ?? 'unknown',
    sessionSource: isExec ? 'exec' : 'vscode',
  },
  otel,
)
  .withAuthEnv({ codexApiKeyEnabled: isExec, providerKeyName: 'configured', providerKeyPresent: true })
  .withInferenceRequest({ modelReasoningEffort: 'medium' });
const agent = new Agent(session, otel?.tracer ?? trace.getTracer(serviceName), task, process.env.MODEL_URL ?? '');
agent.startThread();
for (const scene of task.scenes) await agent.play(scene);
agent.close();
await otel?.shutdown({ timeoutMillis: isExec ? 2000 : 60_000 }).catch(() => {});

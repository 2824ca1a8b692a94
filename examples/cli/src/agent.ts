import type { SessionTelemetry, SessionTurn } from '@codex-otel/session-telemetry';
import type { SessionTask, TokenUsage } from '@codex-otel/token-usage';
import { compactTask, NO_TOKEN_USAGE, regularTask } from '@codex-otel/token-usage';
import type { Context, Span } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';
import type { ModelClient, ModelItem } from './model-client.ts';
import type { Approval } from './scripted-session.ts';
import type { ShellResult } from './shell-tool.ts';
import { isAllowedByConfig, parseShellArguments } from './shell-tool.ts';

/** The parts of the agent. */
export interface AgentOptions {
  readonly telemetry: SessionTelemetry;
  readonly requestModel: ModelClient;
  readonly reasoningEffort: string;
  /** Is asked before a command runs that the configuration does not allow. */
  readonly approve: (command: readonly string[]) => Promise<Approval>;
  readonly runCommand: (command: readonly string[], span: Span | undefined) => Promise<ShellResult>;
  /** The context of what started this process, if it is traced. */
  readonly parent: Context | undefined;
  readonly newId: () => string;
}

/** How a turn went, as far as the agent knows. */
export interface TurnResult {
  readonly turnId: string;
  readonly traceId: string;
  readonly taskKind: string;
  readonly usage: TokenUsage;
  readonly answer: string;
}

/** An agent with one conversation. */
export interface Agent {
  /** Handles an input of the user: the model answers, and calls tools until it needs none. */
  prompt(text: string): Promise<TurnResult>;
  /** Replaces the conversation by the model's summary of it. */
  compact(): Promise<TurnResult>;
}

const INSTRUCTIONS = 'You are a coding agent. Be brief.';
const SUMMARY_PROMPT = 'Summarise the session so far, so that it can go on from the summary alone.';
const SHELL_TOOL = {
  type: 'function',
  name: 'shell',
  description: 'Runs a program in the working folder.',
  parameters: { type: 'object', properties: { command: { type: 'array', items: { type: 'string' } } } },
};

/** Starts a conversation. Only `telemetry` records it. */
export function createAgent(options: AgentOptions): Agent {
  const { telemetry, requestModel, reasoningEffort, approve, runCommand, parent, newId } = options;
  let history: ModelItem[] = [];
  let sessionUsage = NO_TOKEN_USAGE;

  return {
    prompt: (text) =>
      inTurn(regularTask, async (turn) => {
        telemetry.userPrompt([{ type: 'text', text }], turn.context);
        history.push(message(text));
        for (;;) {
          const output = await askModel(turn);
          history.push(...output);
          const calls = output.filter((item) => item.type === 'function_call');
          if (calls.length === 0) return textOf(output);
          for (const call of calls) history.push(await callTool(turn, call));
        }
      }),
    compact: () =>
      inTurn(compactTask, async (turn) => {
        history.push(message(SUMMARY_PROMPT));
        const summary = textOf(await askModel(turn));
        history = [message(summary)];
        return summary;
      }),
  };

  /** Runs one turn. Its span always ends with the outcome. */
  async function inTurn(task: SessionTask, work: (turn: SessionTurn) => Promise<string>): Promise<TurnResult> {
    const turnId = newId();
    const turn = telemetry.startTurn({
      task,
      threadId: telemetry.conversationId,
      turnId,
      model: telemetry.model,
      reasoningEffort,
      sessionUsage,
      parent,
    });
    try {
      const answer = await turn.run(() => work(turn));
      const usage = turn.end();
      const { traceId } = turn.span.spanContext();
      return { turnId, traceId, taskKind: task.kind, usage, answer };
    } catch (error) {
      turn.end({ status: 'failed', error });
      throw error;
    } finally {
      sessionUsage = turn.sessionUsage;
    }
  }

  /** Reads one response of the model to its end. */
  async function askModel(turn: SessionTurn): Promise<readonly ModelItem[]> {
    const request = {
      model: telemetry.model,
      instructions: INSTRUCTIONS,
      input: history,
      reasoning: { effort: reasoningEffort, summary: 'detailed' },
      tools: [SHELL_TOOL],
    };
    const { response, requestedAt } = await requestModel(turn, request);
    const output: ModelItem[] = [];
    for await (const event of turn.observeSse(response, { requestedAt, request })) {
      if (event.type === 'response.output_item.done' && isModelItem(event.item)) output.push(event.item);
    }
    return output;
  }

  /** Runs a tool that the model called, if allowed. @returns what the model gets */
  async function callTool(turn: SessionTurn, call: ModelItem): Promise<ModelItem> {
    const { name: toolName, call_id: callId, arguments: text } = call;
    if (typeof toolName !== 'string' || typeof callId !== 'string' || typeof text !== 'string') {
      throw new TypeError('a function call without name, call_id or arguments');
    }
    const command = parseShellArguments(text);
    const decision = await decide(turn, command, { toolName, callId });
    if (decision === 'denied') {
      const output = 'denied by the user';
      const result = { toolName, callId, arguments: text, output, success: false, durationMillis: 0 };
      telemetry.toolResult(result, turn.context);
      return toolOutput(callId, output);
    }
    const { output } = await turn.tool({ toolName, callId, arguments: text }, (context) =>
      runCommand(command, trace.getSpan(context)),
    );
    return toolOutput(callId, output);
  }

  /** Asks the user, unless configuration allows the command. */
  async function decide(
    turn: SessionTurn,
    command: readonly string[],
    call: { readonly toolName: string; readonly callId: string },
  ): Promise<Approval> {
    if (isAllowedByConfig(command)) {
      telemetry.toolDecision({ ...call, decision: 'approved', source: 'Config' }, turn.context);
      return 'approved';
    }
    const pending = turn.requestApproval(call);
    let decision: Approval | undefined;
    try {
      decision = await approve(command);
      return decision;
    } finally {
      pending.end(decision);
    }
  }
}

function message(text: string): ModelItem {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

function toolOutput(callId: string, output: string): ModelItem {
  return { type: 'function_call_output', call_id: callId, output };
}

/** The text of a response's final message. */
function textOf(output: readonly ModelItem[]): string {
  const parts = output.findLast((item) => item.type === 'message')?.content;
  if (!Array.isArray(parts)) return '';
  return parts.map((part: { readonly text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('');
}

function isModelItem(value: unknown): value is ModelItem {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

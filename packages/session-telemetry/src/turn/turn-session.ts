import type { MetricsSink, Tags } from '@codex-otel/metrics';
import type { Context, Tracer } from '@opentelemetry/api';
import type { AgentResponseLogger } from '../agent-response-logger.ts';
import type { AgentResponseTurn } from '../events/agent-response.ts';
import type { SessionEventMethods } from '../events/registry.ts';
import type { ToolOutcome } from '../tool-outcome.ts';
import type { GenAiMode } from './gen-ai/gen-ai.ts';

/** Options of a tool call that a session runs and records. */
export interface ToolCallOptions<T = unknown> {
  /** The tool's name, without its namespace. */
  readonly toolName: string;
  /** The group of tools that it belongs to. @defaultValue `functions` */
  readonly toolNamespace?: string | undefined;
  /** The id that the model gave the call. */
  readonly callId: string;
  /** The arguments as the model sent them, as text. Content: log records only. */
  readonly arguments: string;
  /** The name of the MCP server; absent for built-in tools. */
  readonly mcpServer?: string | undefined;
  /** `stdio`, `in_process`, or the server's URL, recorded without user, password, query and fragment. */
  readonly mcpServerOrigin?: string | undefined;
  /** Further tags of the metrics `codex.tool.call*`. */
  readonly tags?: Tags | undefined;
  /**
   * Turns the result into what the log record says. @defaultValue a string is the output, anything else is shown as JSON;
   * the call succeeded unless the result is that of an MCP tool with `isError: true`
   */
  readonly result?: ((value: T) => ToolOutcome) | undefined;
}

/** The part of a `SessionTelemetry` that a turn uses. Its records are made with the contexts that the turn passes along. */
export interface TurnSession
  extends Pick<
    SessionEventMethods,
    | 'genAiInferenceDetails'
    | 'logSseEvent'
    | 'recordRetry'
    | 'recordToolCallReceived'
    | 'recordToolResultReady'
    | 'recordTurnProfile'
    | 'recordTurnProgress'
    | 'recordTurnTtft'
    | 'recordWebsocketEvent'
    | 'sseEventCompleted'
    | 'sseEventCompletedFailed'
    | 'sseEventFailed'
    | 'toolDecision'
  > {
  readonly conversationId: string;
  readonly model: string;
  readonly serviceName?: string | undefined;
  readonly tracer?: Tracer | undefined;
  readonly genAi?: GenAiMode | undefined;
  readonly agentName?: string | undefined;
  readonly recordsInferenceDetails?: boolean | undefined;
  readonly metrics?: MetricsSink | undefined;
  agentResponseLogger(turn: AgentResponseTurn): Pick<AgentResponseLogger, 'record'>;
  logToolResult<T>(options: ToolCallOptions<T>, fn: () => T | PromiseLike<T>, context?: Context): Promise<T>;
  counter(name: string, increment: number, tags?: Tags): void;
  histogram(name: string, value: number, tags?: Tags): void;
  recordDuration(name: string, durationMillis: number, tags?: Tags): void;
}

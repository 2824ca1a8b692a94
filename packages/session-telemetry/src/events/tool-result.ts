import type { Tags } from '@codex-otel/metrics';
import { codexMetricNames, sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import type { ErrorOptions } from '../error-description.ts';
import { describeError } from '../error-description.ts';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { property, textProperty } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';
import { tagOf } from '../session-tags.ts';
import { nextToolResultSeq } from '../tool-result-seq.ts';

const result = {
  toolResultSeq: {
    name: 'tool_result_seq',
    type: 'uint',
    source: 'computed',
    about: 'from 1, counted over all sessions of the process',
  },
  /** The name of the tool, without its namespace. */
  toolName: { name: 'tool_name', about: 'without namespace' },
  /** The group of tools that it belongs to. @defaultValue `functions` */
  toolNamespace: { name: 'tool_namespace', otherwise: 'functions', about: '`functions` if the tool has none' },
  /** The id of the tool call. */
  callId: { name: 'call_id' },
  productSku: { name: 'product_sku', source: 'session', absent: 'none' },
  /** Milliseconds that the call took. */
  durationMillis: { name: 'duration_ms', type: 'string(n)', about: 'whole ms' },
  /** Whether the call succeeded. */
  success: { name: 'success', type: 'string(b)' },
  outputTruncated: {
    name: 'output_truncated',
    type: 'bool',
    measure: 'truncated',
    of: 'output',
    otherwise: false,
    about: 'the recorded output was truncated',
  },
  agentName: { name: 'agent_name', on: 'log', source: 'session' },
  /** The arguments as the model sent them. Content: log records only. */
  arguments: {
    name: 'arguments',
    on: 'log',
    content: 'arguments',
    shownWith: 'logToolArguments',
    // More than a model sends, less than a collector refuses.
    maxBytes: 1_048_576,
    about: '`[REDACTED]` without `logToolArguments`',
  },
  /** The whole output. Content: log records only, which show its beginning. */
  output: {
    name: 'output',
    on: 'log',
    content: 'output',
    shownWith: 'logToolOutput',
    maxBytes: 'toolResultMaxBytes',
    about: 'the first `toolResultMaxBytes` bytes; `[REDACTED]` without `logToolOutput`',
  },
  /** The name of the MCP server. Absent for built-in tools. */
  mcpServer: { name: 'mcp_server', on: 'log', otherwise: '', about: 'empty for built-in tools' },
  /** `stdio`, `in_process` or a URL, recorded without user, password, query and fragment. Absent for built-in tools. */
  mcpServerOrigin: {
    name: 'mcp_server_origin',
    on: 'log',
    otherwise: '',
    url: true,
    about: 'empty for built-in tools; `stdio` or a URL',
  },
  argumentsLength: {
    name: 'arguments_length',
    type: 'int',
    on: 'trace',
    measure: 'bytes',
    of: 'arguments',
    about: 'UTF-8 bytes',
  },
  outputSize: { group: 'outputSize' },
  toolOrigin: { name: 'tool_origin', on: 'trace', source: 'computed', values: ['builtin', 'mcp'] },
  mcpTool: { name: 'mcp_tool', type: 'bool', on: 'trace', source: 'computed' },
} as const;

/** Options of {@link SessionTelemetry.toolResult}. */
export interface ToolResultOptions extends EventOptions<typeof result> {
  /** Further tags of the metrics `codex.tool.call*`, e.g. `sandbox`. */
  readonly tags?: Tags | undefined;
}

/**
 * Options of {@link SessionTelemetry.logToolFailed}: a call that could not be dispatched. The message of its error becomes the
 * output. The call's id and arguments default to empty, the duration to 0.
 */
export type ToolFailedOptions = Pick<
  ToolResultOptions,
  'toolName' | 'toolNamespace' | 'mcpServer' | 'mcpServerOrigin' | 'tags'
> &
  Partial<Pick<ToolResultOptions, 'callId' | 'arguments' | 'durationMillis'>> &
  ErrorOptions;

const resultEvent = defineEvent('codex.tool_result', {
  on: 'both',
  about: 'A tool call ended, or could not be dispatched; then the output is the error text.',
  alsoBy: 'logToolResult',
  attributes: result,
});

export const toolResult: SessionEvent<ToolResultOptions> = {
  definitions: [resultEvent],
  record: recordResult,
};

export const logToolFailed: SessionEvent<ToolFailedOptions> = {
  definitions: [resultEvent],
  record: (recorder, options, context) => {
    const output = describeError(options)?.message ?? 'unknown error';
    const { callId = '', durationMillis = 0 } = options;
    const result = { ...options, callId, arguments: options.arguments ?? '', durationMillis, output, success: false };
    recordResult(recorder, result, context);
  },
};

function recordResult(recorder: EventRecorder, options: ToolResultOptions, context: Context | undefined): void {
  recordMetrics(recorder, options, property(options, 'success') === true);
  if (!recorder.isRecording(context)) return;
  const mcpServer = textProperty(options, 'mcpServer') ?? '';
  const mcpTool = mcpServer !== '';
  const computed = {
    toolResultSeq: nextToolResultSeq(),
    mcpServer,
    toolOrigin: mcpTool ? 'mcp' : 'builtin',
    mcpTool,
  } as const;
  recorder.emit(resultEvent, options, computed, context);
}

function recordMetrics(recorder: EventRecorder, options: ToolResultOptions, succeeded: boolean): void {
  const sku = recorder.identity.values.productSku;
  const tags = recorder.tags.with({
    tool: tagOf(options, 'toolName'),
    success: String(succeeded),
    ...extraTags(property(options, 'tags')),
    ...(sku === undefined ? {} : { product_sku: sku }),
  });
  recorder.count(codexMetricNames.toolCallCount, 1, tags);
  recorder.duration(codexMetricNames.toolCallDuration, property(options, 'durationMillis'), tags);
}

/** The tag keys that metrics accept. */
const tagKey = /^[A-Za-z0-9._/-]+$/;

/** The caller's tags that can be sent. They are checked one by one: a bad one must not cost the whole metric. */
function extraTags(tags: unknown): Tags {
  if (tags === null || typeof tags !== 'object') return {};
  const entries = Object.keys(tags).flatMap((key) => {
    const value = tagKey.test(key) ? textProperty(tags, key) : undefined;
    return value === undefined ? [] : [[key, sanitizeMetricTagValue(value)] as const];
  });
  return Object.fromEntries(entries);
}

import type { Tags } from '@codex-otel/metrics';
import { sanitizeMetricTagValue, TOOL_CALL_COUNT_METRIC, TOOL_CALL_DURATION_METRIC } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { requiredErrorAttributes } from '../common-attributes.ts';
import type { ErrorOptions } from '../error-description.ts';
import { describeError, property } from '../error-description.ts';
import type { AttributeDefinition, EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { withoutUrlSecrets } from '../server-origin.ts';
import type { TextPreview } from '../text-limits.ts';
import { lineCount, REDACTED, TRUNCATION_NOTICE, textPreview, utf8Bytes } from '../text-limits.ts';
import { nextToolResultSeq } from '../tool-result-seq.ts';
import { defaultToolNamespace, toolNamespaceAttribute } from './tool-decision.ts';

/** Options of `toolResult`. */
export interface ToolResultOptions {
  /** Without its namespace. */
  readonly toolName: string;
  /** @defaultValue `functions` */
  readonly toolNamespace?: string | undefined;
  readonly callId: string;
  /** The arguments as the model sent them; content, log records only. */
  readonly arguments: string;
  /** The whole output; content, log records show its beginning. */
  readonly output: string;
  readonly success: boolean;
  readonly durationMillis: number;
  /** Absent for built-in tools. */
  readonly mcpServer?: string | undefined;
  /** `stdio`, `in_process` or a URL, of which user, password, query and fragment are left out; absent for built-in tools. */
  readonly mcpServerOrigin?: string | undefined;
  /** Further tags of `codex.tool.call`, e.g. `sandbox`. */
  readonly tags?: Tags | undefined;
}

/** Options of `logToolFailed`: a call that could not even be dispatched. */
export interface ToolFailedOptions extends ErrorOptions {
  readonly toolName: string;
}

/** UTF-8 bytes of recorded arguments: beyond any that a model sends, below what a collector refuses. */
const argumentsMaxBytes = 1_048_576;

const toolName: AttributeDefinition = { name: 'tool_name', type: 'string', on: 'both', about: 'without namespace' };
const duration: AttributeDefinition = { name: 'duration_ms', type: 'string(n)', on: 'both', about: 'whole ms' };
const success: AttributeDefinition = { name: 'success', type: 'string(b)', on: 'both' };
const mcpServer: readonly AttributeDefinition[] = [
  { name: 'mcp_server', type: 'string', on: 'log', about: 'empty for built-in tools' },
  { name: 'mcp_server_origin', type: 'string', on: 'log', about: 'empty for built-in tools; `stdio` or a URL' },
];
const outputSize: readonly AttributeDefinition[] = [
  { name: 'output_length', type: 'int', on: 'trace', about: 'UTF-8 bytes of the whole output' },
  { name: 'output_line_count', type: 'int', on: 'trace', about: 'lines of the whole output' },
  { name: 'tool_origin', type: 'string', on: 'trace', about: '`builtin` or `mcp`' },
];
/** The preview has its own limit, and the notice on top of it. */
const outputMaxBytes = Number.MAX_SAFE_INTEGER;

export const toolResultEvent: EventDefinition = {
  name: 'codex.tool_result',
  method: 'toolResult, logToolResult',
  about: 'A tool call ended.',
  signals: 'both',
  attributes: [
    { name: 'tool_result_seq', type: 'int', on: 'both', about: 'from 1, over all sessions of the process' },
    toolName,
    toolNamespaceAttribute,
    { name: 'call_id', type: 'string', on: 'both' },
    { name: 'product_sku', type: 'string', on: 'both', absent: 'none' },
    duration,
    success,
    { name: 'output_truncated', type: 'bool', on: 'both', about: 'the recorded output is not the whole' },
    { name: 'agent_name', type: 'string', on: 'log' },
    {
      name: 'arguments',
      type: 'string',
      on: 'log',
      about: '`[REDACTED]` without `logToolArguments`',
      maxBytes: argumentsMaxBytes,
    },
    {
      name: 'output',
      type: 'string',
      on: 'log',
      about: 'the first `toolResultMaxBytes` bytes; `[REDACTED]` without `logToolOutput`',
      maxBytes: outputMaxBytes,
    },
    ...mcpServer,
    { name: 'arguments_length', type: 'int', on: 'trace', about: 'UTF-8 bytes' },
    ...outputSize,
    { name: 'mcp_tool', type: 'bool', on: 'trace' },
  ],
};

export const toolFailedEvent: EventDefinition = {
  name: 'codex.tool_result',
  method: 'logToolFailed',
  about: 'A tool call could not be dispatched.',
  signals: 'both',
  attributes: [
    { ...toolName, about: undefined },
    { ...duration, about: '`0`' },
    { ...success, about: '`false`' },
    { name: 'output', type: 'string', on: 'log', about: 'the error text', maxBytes: outputMaxBytes },
    ...mcpServer,
    ...outputSize,
    ...requiredErrorAttributes.filter(({ on }) => on === 'trace'),
  ],
};

export function toolResult(recorder: EventRecorder, options: ToolResultOptions, context: Context | undefined): void {
  const { identity } = recorder;
  const given = {
    arguments: textOf(property(options, 'arguments')),
    output: textOf(property(options, 'output')),
    success: property(options, 'success'),
    server: textOf(property(options, 'mcpServer')) ?? '',
    origin: withoutUrlSecrets(textOf(property(options, 'mcpServerOrigin')) ?? ''),
  };
  recordMetrics(recorder, options, given.success === true);
  if (!recorder.isRecording(context)) return;
  const preview = given.output === undefined ? undefined : outputPreview(recorder, given.output);
  recorder.emit(
    toolResultEvent,
    options,
    {
      tool_result_seq: nextToolResultSeq(),
      tool_namespace: property(options, 'toolNamespace') ?? defaultToolNamespace,
      product_sku: identity.productSku,
      output_truncated: preview?.truncated ?? false,
      agent_name: identity.agentName,
      arguments: given.arguments === undefined ? undefined : shownArguments(recorder, given.arguments),
      output: preview?.text,
      mcp_server: given.server,
      mcp_server_origin: given.origin,
      arguments_length: given.arguments === undefined ? undefined : utf8Bytes(given.arguments),
      ...(given.output === undefined ? {} : sizes(given.output)),
      tool_origin: given.server === '' ? 'builtin' : 'mcp',
      mcp_tool: given.server !== '',
    },
    context,
  );
}

export function logToolFailed(recorder: EventRecorder, options: ToolFailedOptions, context: Context | undefined): void {
  const error = describeError(options) ?? { message: 'unknown error', type: 'unknown' };
  recorder.emit(
    toolFailedEvent,
    options,
    {
      duration_ms: 0,
      success: false,
      output: outputPreview(recorder, error.message).text,
      mcp_server: '',
      mcp_server_origin: '',
      ...sizes(error.message),
      tool_origin: 'builtin',
      'error.type': error.type,
    },
    context,
  );
}

function recordMetrics(recorder: EventRecorder, options: ToolResultOptions, succeeded: boolean): void {
  const name = property(options, 'toolName');
  const sku = recorder.identity.productSku;
  const tags = recorder.tags.with({
    tool: sanitizeMetricTagValue(textOf(name) ?? ''),
    success: String(succeeded),
    ...extraTags(property(options, 'tags')),
    ...(sku === undefined ? {} : { product_sku: sku }),
  });
  recorder.count(TOOL_CALL_COUNT_METRIC, 1, tags);
  recorder.duration(TOOL_CALL_DURATION_METRIC, property(options, 'durationMillis'), tags);
}

/** What metrics take as a key. */
const tagKey = /^[A-Za-z0-9._/-]+$/;

/** The caller's tags that can be sent, one by one: a bad one must not cost the whole metric. */
function extraTags(tags: unknown): Tags {
  if (tags === null || typeof tags !== 'object') return {};
  const entries = Object.keys(tags).flatMap((key) => {
    const value = tagKey.test(key) ? property(tags, key) : undefined;
    return typeof value === 'string' ? [[key, sanitizeMetricTagValue(value)] as const] : [];
  });
  return Object.fromEntries(entries);
}

function shownArguments(recorder: EventRecorder, text: string): string {
  if (recorder.identity.metadata.logToolArguments === false || !recorder.logs) return REDACTED;
  return recorder.content('arguments', text, argumentsMaxBytes);
}

/** What the log record shows of an output: redacted first, so that no secret is cut in two, then cut. */
function outputPreview(recorder: EventRecorder, output: string): TextPreview {
  const { metadata, toolResultMaxBytes } = recorder.identity;
  if (metadata.logToolOutput === false) return { text: REDACTED, truncated: false };
  // Without a log record nobody sees the text, and there is nothing to redact.
  if (!recorder.logs) return textPreview(output, toolResultMaxBytes);
  const { text, whole } = recorder.contentWindow('output', output, toolResultMaxBytes);
  const preview = textPreview(text, toolResultMaxBytes);
  return whole || preview.truncated ? preview : { text: `${text}\n${TRUNCATION_NOTICE}`, truncated: true };
}

function sizes(output: string): { readonly output_length: number; readonly output_line_count: number } {
  return { output_length: utf8Bytes(output), output_line_count: lineCount(output) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

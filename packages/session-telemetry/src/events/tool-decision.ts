import type { Context } from '@opentelemetry/api';
import { property } from '../error-description.ts';
import type { AttributeDefinition, EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** How a tool call was decided. */
export type ToolDecision =
  | 'approved'
  | 'approved_with_amendment'
  | 'approved_for_session'
  | 'approved_mcp_policy_amendment'
  | 'approved_with_network_policy_allow'
  | 'denied_with_network_policy_deny'
  | 'denied'
  | 'timed_out'
  | 'abort';

/** Who decided. */
export type ToolDecisionSource = 'AutomatedReviewer' | 'Config' | 'User';

/** Options of `toolDecision`. */
export interface ToolDecisionOptions {
  readonly toolName: string;
  /** @defaultValue `functions` */
  readonly toolNamespace?: string | undefined;
  readonly callId: string;
  readonly decision: ToolDecision;
  /** Absent when nobody in particular decided. */
  readonly source?: ToolDecisionSource | undefined;
}

/** The namespace of tools that have none. */
export const defaultToolNamespace = 'functions';

/** The namespace of a tool. */
export const toolNamespaceAttribute: AttributeDefinition = {
  name: 'tool_namespace',
  type: 'string',
  on: 'both',
  about: '`functions` when the tool has none',
};

export const toolDecisionEvent: EventDefinition = {
  name: 'codex.tool_decision',
  method: 'toolDecision',
  about: 'A tool call was approved or denied.',
  signals: 'log',
  attributes: [
    { name: 'tool_name', type: 'string', on: 'log' },
    { ...toolNamespaceAttribute, on: 'log' },
    { name: 'call_id', type: 'string', on: 'log' },
    {
      name: 'decision',
      type: 'string',
      on: 'log',
      about:
        '`approved`, `approved_with_amendment`, `approved_for_session`, `approved_mcp_policy_amendment`, ' +
        '`approved_with_network_policy_allow`, `denied_with_network_policy_deny`, `denied`, `timed_out`, `abort`',
    },
    { name: 'source', type: 'string', on: 'log', absent: 'no source', about: '`AutomatedReviewer`, `Config`, `User`' },
  ],
};

export function toolDecision(
  recorder: EventRecorder,
  options: ToolDecisionOptions,
  context: Context | undefined,
): void {
  const namespace = property(options, 'toolNamespace') ?? defaultToolNamespace;
  recorder.emit(toolDecisionEvent, options, { tool_namespace: namespace }, context);
}

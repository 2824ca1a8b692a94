import { codexMetricNames, sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  toolName: { name: 'tool_name', type: 'string', on: 'log' },
  /** @defaultValue `functions` */
  toolNamespace: {
    name: 'tool_namespace',
    type: 'string',
    on: 'log',
    otherwise: 'functions',
    about: '`functions` when the tool has none',
  },
  callId: { name: 'call_id', type: 'string', on: 'log' },
  decision: {
    name: 'decision',
    type: 'string',
    on: 'log',
    values: [
      'approved',
      'approved_with_amendment',
      'approved_for_session',
      'approved_mcp_policy_amendment',
      'approved_with_network_policy_allow',
      'denied_with_network_policy_deny',
      'denied',
      'timed_out',
      'abort',
    ],
  },
  /** Absent when nobody in particular decided. */
  source: {
    name: 'source',
    type: 'string',
    on: 'log',
    absent: 'no source',
    values: ['AutomatedReviewer', 'Config', 'User'],
  },
} as const;

/** Options of `toolDecision`. */
export interface ToolDecisionOptions extends EventOptions<typeof attributes> {}

/** How a tool call was decided. */
export type ToolDecision = ToolDecisionOptions['decision'];

/** Who decided. */
export type ToolDecisionSource = NonNullable<ToolDecisionOptions['source']>;

const event = defineEvent('codex.tool_decision', { about: 'A tool call was approved or denied.', attributes });

/** `codex.tool_decision`: a tool call was approved or denied; where somebody was asked, with its counter. */
export const toolDecision: SessionEvent<ToolDecisionOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const { toolName, decision, source }: Partial<ToolDecisionOptions> = options;
    // Nobody is asked for what the configuration allows.
    if ((source === 'User' || source === 'AutomatedReviewer') && typeof decision === 'string') {
      const tool = typeof toolName === 'string' ? toolName : '';
      const tags = { tool: sanitizeMetricTagValue(tool), approved: sanitizeMetricTagValue(decision) };
      recorder.count(codexMetricNames.approvalRequested, 1, recorder.tags.with(tags));
    }
    recorder.emit(event, options, {}, context);
  },
};

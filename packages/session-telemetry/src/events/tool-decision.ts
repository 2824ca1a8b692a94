import { codexMetricNames } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property, textProperty } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';
import { tagOf } from '../session-tags.ts';

const attributes = {
  /** The name of the tool. */
  toolName: { name: 'tool_name' },
  /** The group of tools that it belongs to. @defaultValue `functions` */
  toolNamespace: { name: 'tool_namespace', otherwise: 'functions', about: '`functions` if the tool has none' },
  /** The id of the tool call. */
  callId: { name: 'call_id' },
  /** What was decided. */
  decision: {
    name: 'decision',
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
  /** Who decided. Absent if nobody did. */
  source: { name: 'source', absent: 'no source', values: ['AutomatedReviewer', 'Config', 'User'] },
} as const;

/** Options of {@link SessionTelemetry.toolDecision}. */
export interface ToolDecisionOptions extends EventOptions<typeof attributes> {}

/** What was decided about a tool call. */
export type ToolDecision = ToolDecisionOptions['decision'];

/** Who decided about a tool call. */
export type ToolDecisionSource = NonNullable<ToolDecisionOptions['source']>;

const event = defineEvent('codex.tool_decision', {
  on: 'log',
  about: 'A tool call was approved or denied.',
  attributes,
});

export const toolDecision: SessionEvent<ToolDecisionOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const source = property(options, 'source');
    // If the configuration decides, nobody was asked for an approval.
    const isAsked = source === 'User' || source === 'AutomatedReviewer';
    if (isAsked && textProperty(options, 'decision') !== undefined) {
      const tags = { tool: tagOf(options, 'toolName'), approved: tagOf(options, 'decision') };
      recorder.count(codexMetricNames.approvalRequested, 1, recorder.tags.with(tags));
    }
    recorder.emit(event, options, {}, context);
  },
};

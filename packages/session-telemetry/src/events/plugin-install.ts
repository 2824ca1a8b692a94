import {
  PLUGINS_INSTALL_ELICITATION_SENT_METRIC,
  PLUGINS_INSTALL_SUGGESTION_METRIC,
  sanitizeMetricTagValue,
} from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { property } from '../error-description.ts';
import type { AttributeDefinition, EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** Options of `recordPluginInstallElicitationSent`: the user was asked whether to install a tool. */
export interface PluginInstallElicitationOptions {
  readonly pluginInstallToolType: 'plugin' | 'connector' | (string & {});
  readonly pluginInstallToolId: string;
  readonly pluginInstallToolName: string;
}

/** Options of `recordPluginInstallSuggestion`: what became of a suggestion to install a tool. */
export interface PluginInstallSuggestionOptions extends PluginInstallElicitationOptions {
  readonly pluginInstallResponseAction: 'accept' | 'decline' | 'cancel' | 'unavailable' | (string & {});
  readonly pluginInstallUserConfirmed: boolean;
  readonly pluginInstallCompleted: boolean;
}

const toolAttributes: readonly AttributeDefinition[] = [
  { name: 'plugin_install.tool_type', type: 'string', on: 'both', about: '`plugin`, `connector`' },
  { name: 'plugin_install.tool_id', type: 'string', on: 'both' },
  { name: 'plugin_install.tool_name', type: 'string', on: 'both' },
];

export const pluginInstallElicitationEvent: EventDefinition = {
  name: 'codex.plugin_install_elicitation_sent',
  method: 'recordPluginInstallElicitationSent',
  about: 'The user was asked whether to install a plugin or connector.',
  signals: 'both',
  attributes: toolAttributes,
};

export const pluginInstallSuggestionEvent: EventDefinition = {
  name: 'codex.plugin_install_suggestion',
  method: 'recordPluginInstallSuggestion',
  about: 'A suggestion to install a plugin or connector was answered.',
  signals: 'both',
  attributes: [
    ...toolAttributes,
    {
      name: 'plugin_install.response_action',
      type: 'string',
      on: 'both',
      about: '`accept`, `decline`, `cancel`, `unavailable`',
    },
    { name: 'plugin_install.user_confirmed', type: 'bool', on: 'both' },
    { name: 'plugin_install.completed', type: 'bool', on: 'both' },
  ],
};

export function recordPluginInstallElicitationSent(
  recorder: EventRecorder,
  options: PluginInstallElicitationOptions,
  context: Context | undefined,
): void {
  const tags = recorder.tags.with({ tool_type: tag(options, 'pluginInstallToolType') });
  recorder.count(PLUGINS_INSTALL_ELICITATION_SENT_METRIC, 1, tags);
  recorder.emit(pluginInstallElicitationEvent, options, {}, context);
}

export function recordPluginInstallSuggestion(
  recorder: EventRecorder,
  options: PluginInstallSuggestionOptions,
  context: Context | undefined,
): void {
  const tags = recorder.tags.with({
    tool_type: tag(options, 'pluginInstallToolType'),
    response_action: tag(options, 'pluginInstallResponseAction'),
    completed: String(property(options, 'pluginInstallCompleted') === true),
  });
  recorder.count(PLUGINS_INSTALL_SUGGESTION_METRIC, 1, tags);
  recorder.emit(pluginInstallSuggestionEvent, options, {}, context);
}

function tag(options: object, option: string): string {
  const value = property(options, option);
  return sanitizeMetricTagValue(typeof value === 'string' ? value : '');
}

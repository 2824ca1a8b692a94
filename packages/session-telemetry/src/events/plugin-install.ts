import { codexMetricNames } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';
import { tagOf } from '../session-tags.ts';

const elicitation = { tool: { group: 'pluginTool' } } as const;
const suggestion = {
  tool: { group: 'pluginTool' },
  /** The user's answer. */
  pluginInstallResponseAction: {
    name: 'plugin_install.response_action',
    values: ['accept', 'decline', 'cancel', 'unavailable'],
    open: true,
  },
  /** Whether the user confirmed the installation. */
  pluginInstallUserConfirmed: { name: 'plugin_install.user_confirmed', type: 'bool' },
  /** Whether it was installed. */
  pluginInstallCompleted: { name: 'plugin_install.completed', type: 'bool' },
} as const;

/** Options of {@link SessionTelemetry.recordPluginInstallElicitationSent}. */
export interface PluginInstallElicitationOptions extends EventOptions<typeof elicitation> {}

/** Options of {@link SessionTelemetry.recordPluginInstallSuggestion}. */
export interface PluginInstallSuggestionOptions extends EventOptions<typeof suggestion> {}

const elicitationEvent = defineEvent('codex.plugin_install_elicitation_sent', {
  on: 'both',
  about: 'The user was asked whether to install a plugin or connector.',
  attributes: elicitation,
});

const suggestionEvent = defineEvent('codex.plugin_install_suggestion', {
  on: 'both',
  about: 'A suggestion to install a plugin or connector was answered.',
  attributes: suggestion,
});

export const recordPluginInstallElicitationSent: SessionEvent<PluginInstallElicitationOptions> = {
  definitions: [elicitationEvent],
  record: (recorder, options, context) => {
    const tags = recorder.tags.with({ tool_type: tagOf(options, 'pluginInstallToolType') });
    recorder.count(codexMetricNames.pluginsInstallElicitationSent, 1, tags);
    recorder.emit(elicitationEvent, options, {}, context);
  },
};

export const recordPluginInstallSuggestion: SessionEvent<PluginInstallSuggestionOptions> = {
  definitions: [suggestionEvent],
  record: (recorder, options, context) => {
    const tags = recorder.tags.with({
      tool_type: tagOf(options, 'pluginInstallToolType'),
      response_action: tagOf(options, 'pluginInstallResponseAction'),
      completed: String(property(options, 'pluginInstallCompleted') === true),
    });
    recorder.count(codexMetricNames.pluginsInstallSuggestion, 1, tags);
    recorder.emit(suggestionEvent, options, {}, context);
  },
};

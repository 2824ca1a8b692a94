import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  timestamp: { name: 'event.timestamp', source: 'time', about: 'UTC, RFC 3339, three fractional digits, `Z`' },
  conversationId: { name: 'conversation.id', source: 'session' },
  /** The turn in which the skill was used. */
  turnId: { name: 'turn.id' },
  userId: { name: 'user.id', source: 'session', absent: 'unknown, API key, or `includeIdentity` is false' },
  accountId: { name: 'user.account_id', source: 'session', absent: 'unknown, or `includeIdentity` is false' },
  /** The skill's name. */
  skillName: { name: 'skill.name' },
  /** Where the skill is installed. Absent if unknown. */
  skillScope: { name: 'skill.scope', absent: 'unknown', values: ['user', 'repo', 'system', 'admin'] },
  /** The plugin that brought the skill. Absent if it is not from a plugin. */
  skillPluginId: { name: 'skill.plugin_id', absent: 'none' },
  /** Whether the user asked for the skill, or the agent chose it. */
  skillInvocationType: { name: 'skill.invocation_type', values: ['explicit', 'implicit'] },
  model: { name: 'model', source: 'session' },
  appVersion: { name: 'app.version', source: 'session' },
  originator: { name: 'originator', source: 'session' },
  authMode: { name: 'auth_mode', source: 'session', absent: 'not logged in' },
} as const;

/** Options of {@link SessionTelemetry.skillInvocation}. A skill's contents, description and path are never recorded. */
export interface SkillInvocationOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.skill_invocation', {
  on: 'log',
  about: 'A skill was used. These are all of its attributes; the common ones are not added.',
  common: 'none',
  attributes,
});

export const skillInvocation: SessionEvent<SkillInvocationOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    if (property(options, 'skillInvocationType') === 'implicit' && isRepeated(recorder, options)) return;
    recorder.emit(event, options, {}, context);
  },
};

/** Every command that touches a skill is an implicit use of it; it is recorded once for each skill and turn. */
function isRepeated(recorder: EventRecorder, options: SkillInvocationOptions): boolean {
  const key = `${String(property(options, 'turnId'))} ${String(property(options, 'skillName'))}`;
  return !recorder.memory.implicitSkills.add(key);
}

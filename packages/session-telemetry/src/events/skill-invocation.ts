import type { Context } from '@opentelemetry/api';
import { timestampAttribute } from '../common-attributes.ts';
import { property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** Options of `skillInvocation`: a skill was used. Its contents, description and path are never recorded. */
export interface SkillInvocationOptions {
  readonly turnId: string;
  readonly skillName: string;
  /** Absent when unknown. */
  readonly skillScope?: 'user' | 'repo' | 'system' | 'admin' | undefined;
  /** Absent for a skill of no plugin. */
  readonly skillPluginId?: string | undefined;
  readonly skillInvocationType: 'explicit' | 'implicit';
}

export const skillInvocationEvent: EventDefinition = {
  name: 'codex.skill_invocation',
  method: 'skillInvocation',
  about: 'A skill was used. These are all of its attributes; it takes none of the common ones.',
  signals: 'log',
  common: 'none',
  attributes: [
    { ...timestampAttribute, on: 'log' },
    { name: 'conversation.id', type: 'string', on: 'log' },
    { name: 'turn.id', type: 'string', on: 'log' },
    { name: 'user.id', type: 'string', on: 'log', absent: 'unknown, API key, or `includeIdentity` is false' },
    { name: 'user.account_id', type: 'string', on: 'log', absent: 'unknown, or `includeIdentity` is false' },
    { name: 'skill.name', type: 'string', on: 'log' },
    { name: 'skill.scope', type: 'string', on: 'log', absent: 'unknown', about: '`user`, `repo`, `system`, `admin`' },
    { name: 'skill.plugin_id', type: 'string', on: 'log', absent: 'none' },
    { name: 'skill.invocation_type', type: 'string', on: 'log', about: '`explicit`, `implicit`' },
    { name: 'model', type: 'string', on: 'log' },
    { name: 'app.version', type: 'string', on: 'log' },
    { name: 'originator', type: 'string', on: 'log' },
    { name: 'auth_mode', type: 'string', on: 'log', absent: 'not logged in' },
  ],
};

export function skillInvocation(
  recorder: EventRecorder,
  options: SkillInvocationOptions,
  context: Context | undefined,
): void {
  if (property(options, 'skillInvocationType') === 'implicit' && isRepeated(recorder, options)) return;
  const { metadata, logAttributes } = recorder.identity;
  const identified = metadata.includeIdentity !== false && metadata.authMode !== 'ApiKey';
  recorder.emit(
    skillInvocationEvent,
    options,
    {
      'conversation.id': logAttributes['conversation.id'],
      'user.id': identified ? metadata.userId : undefined,
      'user.account_id': logAttributes['user.account_id'],
      model: logAttributes.model,
      'app.version': logAttributes['app.version'],
      originator: logAttributes.originator,
      auth_mode: logAttributes.auth_mode,
    },
    context,
  );
}

/** An implicit use shows in each command that touches the skill; it is told once for each skill and turn. */
function isRepeated(recorder: EventRecorder, options: SkillInvocationOptions): boolean {
  const key = `${String(property(options, 'turnId'))} ${String(property(options, 'skillName'))}`;
  return !recorder.memory.implicitSkills.add(key);
}

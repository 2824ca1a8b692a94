/** What a session records where neither settings nor metadata say otherwise. */
export const sessionSettingDefaults = {
  logUserPrompts: false,
  logAgentResponses: false,
  logGuardianAssessments: false,
  includeIdentity: true,
  logToolArguments: true,
  logToolOutput: true,
  logSseDeltas: true,
  traceErrorMessages: false,
  scrubSecrets: true,
} as const;

/** A switch of a session: what it may record, or must. */
export type SessionSetting = keyof typeof sessionSettingDefaults;

export const sessionSettings: readonly SessionSetting[] = Object.keys(sessionSettingDefaults) as SessionSetting[]; // its own keys

/** UTF-8 bytes of a tool's output that a log record shows when nothing else is set. */
export const defaultToolResultMaxBytes = 2048;

/** The switches of a session, with their defaults. */
export function sessionSwitches(
  given: Readonly<Partial<Record<SessionSetting, boolean | undefined>>>,
): Readonly<Record<SessionSetting, boolean>> {
  const switches: Record<SessionSetting, boolean> = { ...sessionSettingDefaults };
  for (const key of sessionSettings) switches[key] = given[key] ?? switches[key];
  return switches;
}

/** The defaults of a session's switches. */
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

/** A switch that decides what a session records. */
export type SessionSetting = keyof typeof sessionSettingDefaults;

export const sessionSettings: readonly SessionSetting[] = Object.keys(sessionSettingDefaults) as SessionSetting[]; // its own keys

/** The default of `toolResultMaxBytes`. */
export const defaultToolResultMaxBytes = 2048;

/** The switches of a session, defaults filled in. */
export function sessionSwitches(
  given: Readonly<Partial<Record<SessionSetting, boolean | undefined>>>,
): Readonly<Record<SessionSetting, boolean>> {
  const switches: Record<SessionSetting, boolean> = { ...sessionSettingDefaults };
  for (const key of sessionSettings) switches[key] = given[key] ?? switches[key];
  return switches;
}

/** Whether `OTEL_SDK_DISABLED` turns everything off, also for settings that were made by hand. */
export function isSdkDisabled(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
}

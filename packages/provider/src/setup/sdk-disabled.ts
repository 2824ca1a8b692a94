/** Whether `OTEL_SDK_DISABLED` turns everything off, as for settings that `@codex-otel/config` reads. */
export function isSdkDisabled(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
}

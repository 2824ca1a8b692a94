/** Options of a child process in a test: one that hangs is killed before its test times out, and does not outlive it. */
export const childLimits = { timeout: 100_000, killSignal: 'SIGKILL' } as const;

/** Flags with which each supported Node runs TypeScript without printing a warning. */
export const typeScriptFlags: readonly string[] = [
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
];

/** The same, on the packages' sources. */
export const sourceFlags: readonly string[] = [...typeScriptFlags, '--conditions=@codex-otel/source'];

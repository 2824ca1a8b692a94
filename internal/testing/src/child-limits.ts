/** Options of a child process in a test: one that hangs is killed before its test times out, and does not outlive it. */
export const childLimits = { timeout: 100_000, killSignal: 'SIGKILL' } as const;

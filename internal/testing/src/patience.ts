/**
 * Options of a flush or a shutdown in a test that must succeed, however busy the machine is. The defaults of the packages
 * are seconds.
 */
export const patience = { timeoutMillis: 60_000 } as const;

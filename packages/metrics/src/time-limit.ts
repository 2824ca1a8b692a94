/** How to wait. */
export interface TimeLimitOptions {
  /** Whether the wait keeps the process alive. @defaultValue `true` */
  readonly holdsProcess?: boolean | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Waits for work as long as the time allows; the work itself goes on. Rejects with its error, or when time is up. */
export async function withinTime<T>(
  timeoutMillis: number,
  work: Promise<T>,
  { holdsProcess = true, signal }: TimeLimitOptions = {},
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let abandon = () => {};
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeoutMillis} ms`)), timeoutMillis);
    if (!holdsProcess) timer.unref();
    abandon = () => reject(new Error('abandoned'));
    signal?.addEventListener('abort', abandon);
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abandon);
  }
}

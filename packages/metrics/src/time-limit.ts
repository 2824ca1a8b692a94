/** The longest time that a timer can be set for, in milliseconds: Node fires one that is set for longer at once. */
export const longestTimerMillis: number = 2 ** 31 - 1;

/** How to wait. */
export interface TimeLimitOptions {
  /** What the error says when the time is up. */
  readonly late: () => string;
  /** Whether the wait keeps the process alive. @defaultValue `true` */
  readonly holdsProcess?: boolean | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Waits for work for a limited time; the work itself goes on. Rejects with its error, or when the time is up. */
export async function withinTime<T>(
  timeoutMillis: number,
  work: Promise<T>,
  { late, holdsProcess = true, signal }: TimeLimitOptions,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let abandon = () => {};
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(late())), timeoutMillis);
    if (!holdsProcess) timer.unref();
    abandon = () => reject(new Error('given up: the client was shut down'));
    signal?.addEventListener('abort', abandon);
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abandon);
  }
}

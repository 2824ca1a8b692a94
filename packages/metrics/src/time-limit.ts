/** Waits for work as long as the time allows; the work itself goes on. Rejects with its error, or when time is up. */
export async function withinTime<T>(timeoutMillis: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeoutMillis} ms`)), timeoutMillis);
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** Deno has the web's events; Node's types do not. */
const page: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> & typeof globalThis = globalThis;

/**
 * Calls back, synchronously, when an unhandled exception ends the process. An exception is handled if there is a
 * listener of `uncaughtException`, or if a listener of the web's `error` event that was added before prevents the
 * default. For runtimes that then have no `exit` event.
 *
 * @returns a function that removes the callback.
 */
export function onFatalException(callback: (error: unknown) => void): () => void {
  const isHandled = () => process.listenerCount('uncaughtException') > 0;
  // A rejection arrives here after all handlers, an exception before the listeners of web events.
  const onException = (error: unknown, origin: NodeJS.UncaughtExceptionOrigin) => {
    if (origin === 'unhandledRejection' && !isHandled()) callback(error);
  };
  const onError = (event: Event) => {
    if (!event.defaultPrevented && !isHandled()) callback(Reflect.get(event, 'error'));
  };
  process.on('uncaughtExceptionMonitor', onException);
  page.addEventListener?.('error', onError);
  return () => {
    process.off('uncaughtExceptionMonitor', onException);
    page.removeEventListener?.('error', onError);
  };
}

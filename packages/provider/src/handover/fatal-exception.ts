/** The web's events are there on Deno, and on no type of Node's. */
const page: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> & typeof globalThis = globalThis;

/**
 * Calls back, synchronously, when an exception ends the process that nobody handles: neither a listener of
 * `uncaughtException` nor one of the web's `error` event, added before, that prevents the default. For runtimes without
 * `exit` then.
 *
 * @returns takes the callback back.
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

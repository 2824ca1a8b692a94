/** Deno has the web's events; Node's types do not. */
const page: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> & typeof globalThis = globalThis;

/**
 * Calls back, synchronously, when the web's `unload` event says that the program ends: `Deno.exit()` causes it, but no
 * `exit` event.
 *
 * @returns a function that removes the callback.
 */
export function onUnload(callback: () => void): () => void {
  page.addEventListener?.('unload', callback);
  return () => page.removeEventListener?.('unload', callback);
}

/** The web's events are there on Deno, and on no type of Node's. */
const page: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> & typeof globalThis = globalThis;

/**
 * Calls back, synchronously, when the web's `unload` event says that the program ends: `Deno.exit()` makes it and not
 * `exit`.
 *
 * @returns takes the callback back.
 */
export function onUnload(callback: () => void): () => void {
  page.addEventListener?.('unload', callback);
  return () => page.removeEventListener?.('unload', callback);
}

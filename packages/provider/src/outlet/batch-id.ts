/**
 * A unique id for a batch, across processes. It stays the same each time the batch is sent, so that a receiver can drop
 * repeats. It is not secret, so no cryptographic randomness is loaded for it.
 */
export function newBatchId(): string {
  return `${Date.now().toString(36)}-${process.pid.toString(36)}-${Math.random().toString(36).slice(2)}`;
}

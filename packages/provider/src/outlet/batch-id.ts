/**
 * Tells a batch from all others, whichever process made it. It stays the same each time the batch is sent, so
 * that a receiver can drop repeats. It is no secret: it is made without loading a source of good randomness.
 */
export function newBatchId(): string {
  return `${Date.now().toString(36)}-${process.pid.toString(36)}-${Math.random().toString(36).slice(2)}`;
}

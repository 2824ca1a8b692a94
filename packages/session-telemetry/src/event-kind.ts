/** The kind of the event that says that a response failed. */
export const FAILED_KIND = 'response.failed';

/** Longer than any kind that the API sends. */
const MAX_KIND_LENGTH = 256;

/** A kind at a length that a record can carry: it comes from a server, which may send anything. */
export function boundedKind(kind: string): string {
  return kind.slice(0, MAX_KIND_LENGTH);
}

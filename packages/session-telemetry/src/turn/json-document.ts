/** The longest document in characters: longer than any answer, and too short to exhaust the memory. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/**
 * A body that may be one JSON document instead of a stream: servers may answer so with an error, or with the whole answer.
 * No line of an event stream begins like a document.
 */
export class JsonDocument {
  #pieces: string[] | undefined = [];
  #length = 0;

  add(piece: string): void {
    if (this.#pieces === undefined) return;
    const text = this.#length === 0 ? piece.trimStart() : piece;
    if (text === '') return;
    this.#length += text.length;
    const mayBeOne = this.#pieces.length > 0 || text.startsWith('{') || text.startsWith('[');
    if (mayBeOne && this.#length <= MAX_CHARACTERS) this.#pieces.push(text);
    else this.#pieces = undefined;
  }

  /** The body, if it may be one JSON document; else ''. */
  get text(): string {
    return this.#pieces?.join('') ?? '';
  }
}

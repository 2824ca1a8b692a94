import { reportWarning } from '../diagnostics.ts';
import { word } from './response-event.ts';
import { STREAM_FORMATS } from './stream-formats.ts';
import type { StreamFormat, StreamReader } from './stream-reader.ts';

/** Events after which a stream that no reader accepted is no longer asked about. */
const FIRST_EVENTS = 64;
/** Kinds that are named for a stream that was not read. */
const NAMED_KINDS = 8;

/** Of which form a stream is, which its first events decide. */
export class StreamKind {
  #format: StreamFormat | undefined;
  #reader: StreamReader | undefined;
  #events = 0;
  readonly #unknown = new Set<string>();

  /** Whether there were events, and nothing that reads them. */
  get isUnread(): boolean {
    return this.#reader === undefined && this.#events > 0;
  }

  get reader(): StreamReader | undefined {
    return this.#reader;
  }

  /** The reader of the stream that has this event. */
  readerOf(event: unknown, type: string | undefined): StreamReader | undefined {
    if (this.#reader !== undefined || event === undefined) return this.#reader;
    this.#events += 1;
    if (this.#events > FIRST_EVENTS) return undefined;
    this.#format = STREAM_FORMATS.find((format) => format.accepts(event, type));
    if (this.#format === undefined && this.#unknown.size < NAMED_KINDS) this.#unknown.add(word(type) ?? 'without type');
    return this.next();
  }

  /** A reader of the same form, for another response. */
  next(): StreamReader | undefined {
    this.#reader = this.#format?.open();
    return this.#reader;
  }

  /** Says which events nothing reads, by their kinds. */
  tell(): void {
    reportWarning(
      `a stream was not read, since its events are of no API that is known: ${[...this.#unknown].join(', ')}`,
    );
  }
}

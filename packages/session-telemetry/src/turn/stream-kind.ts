import { reportWarning } from '../diagnostics.ts';
import { word } from './response-event.ts';
import { STREAM_FORMATS } from './stream-formats.ts';
import type { StreamFormat, StreamReader } from './stream-reader.ts';

/** After this many events that no reader accepts, a stream is given up. */
const FIRST_EVENTS = 64;
/** How many kinds of events are named when a stream was not read. */
const NAMED_KINDS = 8;

/** Finds the format of a stream by its first events. */
export class StreamKind {
  #format: StreamFormat | undefined;
  #reader: StreamReader | undefined;
  #events = 0;
  readonly #unknown = new Set<string>();

  /** Whether there were events, but no reader for them. */
  get isUnread(): boolean {
    return this.#reader === undefined && this.#events > 0;
  }

  get reader(): StreamReader | undefined {
    return this.#reader;
  }

  /** The reader for the stream, given its next event. */
  readerOf(event: unknown, type: string | undefined): StreamReader | undefined {
    if (this.#reader !== undefined || event === undefined) return this.#reader;
    this.#events += 1;
    if (this.#events > FIRST_EVENTS) return undefined;
    this.#format = STREAM_FORMATS.find((format) => format.accepts(event, type));
    if (this.#format === undefined && this.#unknown.size < NAMED_KINDS) this.#unknown.add(word(type) ?? 'without type');
    return this.next();
  }

  /** A new reader of the same format, for another response. */
  next(): StreamReader | undefined {
    this.#reader = this.#format?.open();
    return this.#reader;
  }

  /** Reports the kinds of the events that nothing could read. */
  reportUnread(): void {
    reportWarning(`a stream was not read, since its events belong to no known API: ${[...this.#unknown].join(', ')}`);
  }
}

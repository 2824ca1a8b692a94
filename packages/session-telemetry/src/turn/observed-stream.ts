import { reportFailure, reportWarning } from '../diagnostics.ts';
import { property } from '../property.ts';
import { guard } from './guard.ts';

/** Is called with what passes through a stream. Its methods do not throw. */
export interface StreamObserver {
  now(): number;
  value(value: unknown, waitedSince: number): void;
  error(error: unknown, waitedSince: number): void;
  done(waitedSince: number): void;
  /** The consumer left early. */
  left(): void;
}

type Pull = (...args: unknown[]) => unknown;

/**
 * Makes `stream` report what is read from it, and returns it: the same object, on which only the methods that hand out its
 * values are replaced. Values pass through one by one, when the consumer asks for them; nothing is held back or read ahead.
 *
 * Only the first reader is observed, since values that are read again were not received again. The helpers of the openai
 * package and of Anthropic's SDK read their stream themselves, so all their events are observed.
 */
export function observeStream<S extends object>(stream: S, observer: StreamObserver): S {
  const readers = new Readers(observer);
  try {
    if (listenTo(stream, observer)) return stream;
    // An object that is its own iterator, like an async generator, can be read without asking it for one.
    const isReader = typeof Reflect.get(stream, 'next') === 'function';
    if (isReader) readers.observe(stream);
    if (!replaceSources(stream, readers) && !isReader)
      reportWarning('cannot observe a stream: it cannot be read; was it awaited?');
    replacePipes(stream);
  } catch (error) {
    // A frozen object, or a proxy: the agent gets its stream unchanged.
    reportWarning('cannot observe a stream', error);
  }
  return stream;
}

/** The helpers of the openai package and of Anthropic's SDK: a method that identifies each, and the event that reports all it receives. */
const HELPER_EVENTS = [
  ['finalResponse', 'event'],
  ['finalChatCompletion', 'chunk'],
  ['finalMessage', 'streamEvent'],
] as const;

/**
 * Listens to a helper (`responses.stream`, `chat.completions.stream`, Anthropic's `messages.stream`), which runs even if nobody
 * iterates over it. It does not listen to `error`, because a listener there would hide unhandled failures.
 */
function listenTo(stream: object, observer: StreamObserver): boolean {
  const [, name] = HELPER_EVENTS.find(([method]) => typeof Reflect.get(stream, method) === 'function') ?? [];
  if (name === undefined || !isHelper(stream)) return false;
  let waitedSince = observer.now();
  const listen = (event: string, listener: (value: unknown) => void): void => {
    stream.on(event, (value) => guard('observe a stream', () => listener(value)));
  };
  listen(name, (value) => {
    observer.value(value, waitedSince);
    waitedSince = observer.now();
  });
  listen('end', () => {
    if (Reflect.get(stream, 'aborted') === true) observer.left();
    else if (Reflect.get(stream, 'errored') !== true) observer.done(waitedSince);
    // The error was emitted before, so calling `done()` now no longer hides an unhandled failure.
    else Promise.resolve(stream.done()).catch((error) => observer.error(error, waitedSince));
  });
  return true;
}

/** The methods that the helpers share. */
interface Helper {
  on(event: string, listener: (value: unknown) => void): unknown;
  done(): Promise<void>;
}

function isHelper(stream: object): stream is Helper {
  return typeof Reflect.get(stream, 'on') === 'function' && typeof Reflect.get(stream, 'done') === 'function';
}

/** Whether a value can be read as a stream; otherwise it is an answer that was not streamed. */
export function isStream(value: unknown): value is object {
  try {
    const object = Object(value);
    return ['getReader', 'next', Symbol.asyncIterator].some((key) => typeof Reflect.get(object, key) === 'function');
  } catch {
    return false;
  }
}

/** Replaces the methods that make readers. @returns whether there were any */
function replaceSources(stream: object, readers: Readers): boolean {
  let replaced = false;
  // Streams of the openai package have a property that makes their iterators. `tee`, `toReadableStream` and
  // `Symbol.asyncIterator` all use it.
  for (const source of ['iterator', 'values', 'getReader', Symbol.asyncIterator]) {
    const make: unknown = Reflect.get(stream, source);
    if (typeof make !== 'function') continue;
    replace(stream, source, (...args) => readers.handOut(() => Reflect.apply(make, stream, args)));
    replaced = true;
  }
  return replaced;
}

/** A `ReadableStream` tees and pipes with an internal reader. Here it does so with an observed one. */
function replacePipes(stream: object): void {
  if (!(stream instanceof ReadableStream)) return;
  for (const method of ['tee', 'pipeTo', 'pipeThrough'] as const) {
    const own = stream[method] as Pull;
    replace(stream, method, (...args) => {
      // A locked stream throws its own error.
      const source = stream.locked ? stream : ReadableStream.from(stream);
      return Reflect.apply(own, source, args);
    });
  }
}

/** The readers of one stream. The first one that reads is observed. */
class Readers {
  readonly #observer: StreamObserver;
  readonly #replaced = new WeakSet<object>();
  #observed: object | undefined;

  constructor(observer: StreamObserver) {
    this.#observer = observer;
  }

  /** Makes a reader that reports what is read from it. */
  handOut(make: () => unknown): unknown {
    const reader = make();
    guard('observe a stream', () => this.observe(Object(reader)));
    return reader;
  }

  /** Replaces the methods of a reader (an iterator, or the reader of a `ReadableStream`). */
  observe(reader: object): void {
    if (this.#replaced.has(reader)) return;
    this.#replaced.add(reader);
    for (const method of ['next', 'read']) {
      const pull: unknown = Reflect.get(reader, method);
      if (typeof pull !== 'function') continue;
      const own = pull as Pull; // the owner's, called with the arguments of its caller
      replace(reader, method, (...args) => this.#pull(reader, own, args));
    }
    for (const method of ['return', 'throw', 'cancel']) {
      const leave: unknown = Reflect.get(reader, method);
      if (typeof leave !== 'function') continue;
      replace(reader, method, (...args) => {
        if (this.#observed === reader) this.#observer.left();
        return Reflect.apply(leave, reader, args);
      });
    }
  }

  // Without an async function and without a closure for the call: this runs for every delta.
  #pull(reader: object, pull: Pull, args: unknown[]): unknown {
    this.#observed ??= reader;
    // Another reader reads the same values, or is used by the first.
    if (this.#observed !== reader) return Reflect.apply(pull, reader, args);
    const waitedSince = this.#observer.now();
    let pulled: unknown;
    try {
      pulled = Reflect.apply(pull, reader, args);
    } catch (error) {
      this.#observer.error(error, waitedSince);
      throw error;
    }
    // A synchronous generator is read without waiting, and would take a promise for a result.
    if (!isPromise(pulled)) {
      this.#tell(pulled, waitedSince);
      return pulled;
    }
    return Promise.resolve(pulled).then(
      (result) => {
        this.#tell(result, waitedSince);
        return result;
      },
      (error) => {
        this.#observer.error(error, waitedSince);
        throw error;
      },
    );
  }

  #tell(result: unknown, waitedSince: number): void {
    try {
      // A result that is not an object is an error of the stream, which its consumer sees.
      const step: { readonly done?: unknown; readonly value?: unknown } = Object(result);
      if (step.done === true) this.#observer.done(waitedSince);
      else this.#observer.value(step.value, waitedSince);
    } catch (error) {
      reportFailure('observe a stream', error);
    }
  }
}

function isPromise(value: unknown): boolean {
  return typeof property(value, 'then') === 'function';
}

function replace(object: object, key: string | symbol, value: Pull): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true, enumerable: false });
}

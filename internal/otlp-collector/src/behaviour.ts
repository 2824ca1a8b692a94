import type { Signal } from './signal.ts';

/** How a request is answered, once it has been read. */
export type AnswerBehaviour =
  /** As a healthy collector does. */
  | { readonly kind: 'answer' }
  /** Takes the data, answers later. */
  | { readonly kind: 'delay'; readonly delayMillis: number }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Sends a healthy answer's status and headers, then nothing more. */
  | { readonly kind: 'hang-after-headers' }
  /** Sends headers, then one byte each interval, without end. Over gRPC, where a message comes whole: headers only. */
  | { readonly kind: 'trickle'; readonly intervalMillis: number }
  /** Takes the data; the answer has status 200 and a body that is not OTLP. */
  | { readonly kind: 'garbage' }
  /** Takes the data, except for the items that it reports as rejected. */
  | { readonly kind: 'partial-success'; readonly rejected: number; readonly message: string }
  /** Sends headers and half a body, then resets the connection. */
  | { readonly kind: 'reset-mid-body' }
  /** Refuses the request. */
  | {
      readonly kind: 'status';
      /** HTTP status. */
      readonly code: number;
      /** @defaultValue what Google's mapping has for the HTTP status */
      readonly grpcCode?: number | undefined;
      /** The value of the header `Retry-After`; over gRPC a number is sent as `RetryInfo`. */
      readonly retryAfter?: number | string | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    };

/** How connections are handled before any request; for the whole collector. */
export type ConnectionBehaviour =
  /** Connections are refused, and open ones are cut. */
  | { readonly kind: 'refuse' }
  /** Connections are accepted, but nothing is read or sent, not even a TLS handshake. */
  | { readonly kind: 'hang-on-connect' }
  /** Sends each client bytes that are neither HTTP nor TLS. */
  | { readonly kind: 'garbage-on-connect' };

/** What the collector does from now on. */
export type Behaviour =
  | (AnswerBehaviour & {
      /** Only for this signal. @defaultValue for all */
      readonly signal?: Signal | undefined;
      /** For this number of requests, then as before. @defaultValue no limit */
      readonly times?: number | undefined;
    })
  | ConnectionBehaviour;

/** The answers after which the data counts as taken. */
export function takesData(behaviour: AnswerBehaviour): boolean {
  switch (behaviour.kind) {
    case 'answer':
    case 'delay':
    case 'garbage':
    case 'partial-success':
      return true;
    case 'hang':
    case 'hang-after-headers':
    case 'trickle':
    case 'reset-mid-body':
    case 'status':
      return false;
  }
}

export function isConnectionBehaviour(behaviour: Behaviour): behaviour is ConnectionBehaviour {
  return behaviour.kind === 'refuse' || behaviour.kind === 'hang-on-connect' || behaviour.kind === 'garbage-on-connect';
}

/** The answers in force. */
export interface Answers {
  set(behaviour: Exclude<Behaviour, ConnectionBehaviour>): void;
  /** What the next request of a signal gets. */
  next(signal: Signal): AnswerBehaviour;
}

/**
 * A behaviour for one signal wins over one for all, and one with a count over one without; a later one replaces an
 * earlier one.
 */
export function createAnswers(): Answers {
  const lasting = new Map<Signal | undefined, AnswerBehaviour>();
  const counted: { readonly behaviour: Exclude<Behaviour, ConnectionBehaviour>; left: number }[] = [];
  return {
    set(behaviour) {
      if (behaviour.times !== undefined) {
        counted.push({ behaviour, left: behaviour.times });
        return;
      }
      if (behaviour.signal === undefined) {
        lasting.clear();
        counted.length = 0;
      }
      lasting.set(behaviour.signal, behaviour);
    },
    next(signal) {
      const first = counted.find(({ behaviour, left }) => left > 0 && (behaviour.signal ?? signal) === signal);
      if (first !== undefined) {
        first.left -= 1;
        return first.behaviour;
      }
      return lasting.get(signal) ?? lasting.get(undefined) ?? { kind: 'answer' };
    },
  };
}

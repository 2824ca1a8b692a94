import type { SessionSetting } from './session-settings.ts';

/**
 * The type that a value is sent with; readers of this telemetry compare types. `string(n)` is a whole number as decimal
 * text, `string(d)` a decimal number as text, `string(b)` `true` or `false` as text. `uint` is a whole number in log records
 * and decimal text in span events, as Codex sends unsigned numbers. `messages` and `instructions` are the lists of the
 * GenAI conventions, in log records only.
 */
export type AttributeType =
  | 'string'
  | 'int'
  | 'uint'
  | 'double'
  | 'bool'
  | 'string(n)'
  | 'string(d)'
  | 'string(b)'
  | 'messages'
  | 'instructions';

/** The kinds of content. Each passes the privacy settings and `redact` before it is recorded. */
export type ContentField = 'prompt' | 'arguments' | 'output' | 'response';

/** The signals that carry an attribute: log records, span events, or both. */
export type Signals = 'both' | 'log' | 'trace';

interface AttributeFacts {
  readonly name: string;
  /** @defaultValue `string` */
  readonly type?: AttributeType | undefined;
  /** The signals that carry it. @defaultValue those of the event */
  readonly on?: Signals | undefined;
  /** When the key is not sent; absent for a key that is always sent. */
  readonly absent?: string | undefined;
  /** Unit or rule. */
  readonly about?: string | undefined;
  /** Known values. */
  readonly values?: readonly string[] | undefined;
  /** Other values are accepted too. */
  readonly open?: true | undefined;
  /**
   * Where the value comes from: the event's recording function, the session (by the same key), the clock, or the error in
   * the options. @defaultValue the option of the same key
   */
  readonly source?: 'computed' | 'session' | 'time' | 'error' | undefined;
  /** The value if the option is not given. */
  readonly otherwise?: string | number | boolean | undefined;
  /** The session's value of the same key is sent if the option is not given. */
  readonly orSession?: true | undefined;
  /** Measures the content of another key, before it is redacted and truncated. */
  readonly measure?: 'bytes' | 'characters' | 'lines' | 'truncated' | undefined;
  /** The key whose content is measured. */
  readonly of?: string | undefined;
  /** A URL, path or host, sent without user, password, query and fragment. */
  readonly url?: true | undefined;
  /** Content of this kind: it is redacted before it is truncated. */
  readonly content?: ContentField | undefined;
  /** The setting that must be on; otherwise the content is sent as `[REDACTED]`. */
  readonly shownWith?: SessionSetting | undefined;
  /** UTF-8 bytes at which a text is truncated, between characters; `toolResultMaxBytes` adds a notice. @defaultValue 65,536 */
  readonly maxBytes?: number | 'toolResultMaxBytes' | undefined;
  /** On span events only if the text is one word: free text of an error is content. */
  readonly wordOnTrace?: true | undefined;
  /** Also on span events if `traceErrorMessages` is on. */
  readonly tracedOnRequest?: true | undefined;
  /** The value on span events if log records leave the key out. */
  readonly whenAbsentOnTrace?: string | undefined;
}

/** One attribute of an event: how it is recorded, and its row in the docs. Content must name the signals that carry it. */
export type AttributeDefinition = AttributeFacts & ({ readonly content?: undefined } | { readonly on: Signals });

/** An attribute as it is sent, and the key it is read from. */
export interface AttributePlan extends AttributeFacts {
  readonly key: string;
  readonly type: AttributeType;
  readonly on: Signals;
}

import type { SessionSetting } from './session-settings.ts';

/**
 * How a value is sent. `string(n)` is a whole number as decimal text, `string(d)` decimal text with a fraction
 * as received, `string(b)` `true` or `false` as text: readers of this telemetry compare these types. `uint` is a whole
 * number in log records and decimal text on span events, as Codex sends what is unsigned. `messages` and `instructions`
 * are the lists of the GenAI conventions, on log records alone.
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

/** Which options hold content, and so pass the privacy settings before they are recorded. */
export type ContentField = 'prompt' | 'arguments' | 'output' | 'response';

/** One attribute of an event: how it is recorded, and its row in the docs. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  /** The signals that carry it. */
  readonly on: 'both' | 'log' | 'trace';
  /** When the key is not sent; nothing for a key that is always there. */
  readonly absent?: string | undefined;
  /** Unit or rule. */
  readonly about?: string | undefined;
  /** Known values. */
  readonly values?: readonly string[] | undefined;
  /** Other values than the known ones are taken too. */
  readonly open?: true | undefined;
  /**
   * Where the value comes from: the event's recording function, the session (by the same key), the clock, the error
   * that the options tell of. @defaultValue the option of the same key
   */
  readonly source?: 'computed' | 'session' | 'time' | 'error' | undefined;
  /** What is sent where the option is not given. */
  readonly otherwise?: string | number | boolean | undefined;
  /** The session's value, by the same key, is sent where the option is not given. */
  readonly orSession?: true | undefined;
  /** Measures the content of another key of the table, before redaction and cut. */
  readonly measure?: 'bytes' | 'characters' | 'lines' | 'truncated' | undefined;
  /** The key whose content is measured. */
  readonly of?: string | undefined;
  /** A URL, path or host: user, password, query and fragment are left out. */
  readonly url?: true | undefined;
  /** Content: it passes the redaction of this field before it is cut. */
  readonly content?: ContentField | undefined;
  /** The setting without which content is sent as `[REDACTED]`. */
  readonly shownWith?: SessionSetting | undefined;
  /** UTF-8 bytes after which a text is cut, at a character boundary; `toolResultMaxBytes` adds a notice. @defaultValue 65,536 */
  readonly maxBytes?: number | 'toolResultMaxBytes' | undefined;
  /** On span events only where the text is a word: free text of an error is content. */
  readonly wordOnTrace?: true | undefined;
  /** On span events, too, with the setting `traceErrorMessages`. */
  readonly tracedOnRequest?: true | undefined;
  /** What span events carry where log records leave the key out. */
  readonly whenAbsentOnTrace?: string | undefined;
}

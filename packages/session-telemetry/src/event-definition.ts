/**
 * How a value is sent. `string(n)` is a whole number as decimal text, `string(d)` decimal text with a fraction
 * as received, `string(b)` `true` or `false` as text: readers of this telemetry compare these types.
 */
export type AttributeType = 'string' | 'int' | 'bool' | 'string(n)' | 'string(d)' | 'string(b)';

/** One attribute of an event: the row of the README's table, and what the recorder goes by. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  /** The signals that carry it. */
  readonly on: 'both' | 'log' | 'trace';
  /** When the key is not sent; nothing for a key that is always there. */
  readonly absent?: string | undefined;
  /** Unit, rule or known values. */
  readonly about?: string | undefined;
  /** UTF-8 bytes after which a text is cut, at a character boundary. @defaultValue 65,536 */
  readonly maxBytes?: number | undefined;
  /** On span events only where the text is a word: free text of an error is content. */
  readonly wordOnTrace?: true | undefined;
  /** What span events carry where log records leave the key out. */
  readonly whenAbsentOnTrace?: string | undefined;
}

/** Which options hold content, and so pass the privacy settings before they are recorded. */
export type ContentField = 'prompt' | 'arguments' | 'output' | 'response';

/** Everything there is to know about the attributes of one event. */
export interface EventDefinition {
  /** `event.name` of the log record and name of the span event. */
  readonly name: string;
  /** The method that records it. */
  readonly method: string;
  /** One sentence for the README. */
  readonly about: string;
  readonly signals: 'both' | 'log';
  /** The event's own attributes in the order in which they are sent, without `event.name`. */
  readonly attributes: readonly AttributeDefinition[];
  /** Which of the common attributes follow. @defaultValue `'all'` */
  readonly common?: 'all' | 'none' | undefined;
}

/** An attribute with the option that it is read from. */
export interface AttributePlan extends AttributeDefinition {
  readonly option: string;
}

/** The option that carries an attribute: camelCase of its name, `…Millis` for `…_ms`. */
export function optionName(attribute: string): string {
  return attribute.replace(/_ms$/, '_millis').replace(/[._]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const plans = new WeakMap<EventDefinition, readonly AttributePlan[]>();

/** The attributes of an event with their options; made once for each definition. */
export function attributePlans(definition: EventDefinition): readonly AttributePlan[] {
  const known = plans.get(definition);
  if (known !== undefined) return known;
  const made = definition.attributes.map((attribute) => ({ ...attribute, option: optionName(attribute.name) }));
  plans.set(definition, made);
  return made;
}

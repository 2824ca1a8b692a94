import type { AttributeDefinition } from './attribute-definition.ts';
import type { GroupName, GroupOptions } from './attribute-groups.ts';
import { attributeGroups } from './attribute-groups.ts';
import type { AttributeOptions, OptionKeys, ValueOf } from './attribute-options.ts';
import type { SessionValues } from './session-identity.ts';
import type { SessionSetting } from './session-settings.ts';

/** Attributes that several events have, at this place of the order. */
export interface GroupReference {
  readonly group: GroupName;
}

/** The attributes of an event by the option, or the computed value, that each is read from, in the order of sending. */
export type AttributeTable = Readonly<Record<string, AttributeDefinition | GroupReference>>;

/**
 * One event: what code, docs and tests know about it.
 *
 * Its attributes are a constant of its file, declared `as const`, and not arguments of `defineEvent`: declarations are
 * emitted file by file (`isolatedDeclarations`), so the type of an exported value must stand in its own file. A literal
 * is such a type, with the comments on its keys, which editors show on the options that are inferred from it; what a
 * call returns is none.
 */
export interface EventDefinition<A extends AttributeTable = AttributeTable> extends EventDescription<A> {
  /** `event.name` of the log record and name of the span event. */
  readonly name: string;
  /** The attributes with those of their groups. */
  readonly plans: readonly AttributePlan[];
  /** Whether there is a log record. */
  readonly logged: boolean;
  /** Whether there is a span event. */
  readonly traced: boolean;
  /** Whether it has the attributes of an error, and whether there is always one. */
  readonly error: 'none' | 'perhaps' | 'always';
}

/** What {@link defineEvent} is told. */
export interface EventDescription<A extends AttributeTable> {
  /** When it is recorded, in a sentence for the docs. */
  readonly about: string;
  readonly attributes: A;
  /** Which of the common attributes follow. @defaultValue `'all'` */
  readonly common?: 'all' | 'none' | undefined;
  /** The scope of its log records. @defaultValue that of the session's logger */
  readonly scope?: string | undefined;
  /** `level` of the span event. @defaultValue `INFO` */
  readonly level?: 'TRACE' | undefined;
  /** A method that records it beside the one that the registry names. */
  readonly alsoBy?: string | undefined;
  /** Without this setting it is not recorded. */
  readonly onlyWith?: SessionSetting | undefined;
}

/** An attribute with the key that it is read from. */
export interface AttributePlan extends AttributeDefinition {
  readonly key: string;
}

/** Defines an event. */
export function defineEvent<const A extends AttributeTable>(
  name: string,
  event: EventDescription<A> & { readonly attributes: SessionSourced<A> },
): EventDefinition<A> {
  const plans = attributePlans(event.attributes);
  const error = plans.find(({ source }) => source === 'error');
  return {
    ...event,
    name,
    plans,
    logged: plans.some(({ on }) => on !== 'trace'),
    traced: plans.some(({ on }) => on !== 'log'),
    error: error === undefined ? 'none' : error.absent === undefined ? 'always' : 'perhaps',
  };
}

/** The attributes of a table, with those of its groups in their places. */
export function attributePlans(table: AttributeTable): readonly AttributePlan[] {
  return Object.entries(table).flatMap(([key, entry]) =>
    'group' in entry ? attributePlans(attributeGroups[entry.group]) : [plan(key, entry)],
  );
}

/** All of the same shape: reading properties of objects of many shapes is half of what an event costs. */
function plan(
  key: string,
  attribute: AttributeDefinition,
): { readonly [K in keyof AttributePlan]-?: AttributePlan[K] } {
  return {
    key,
    name: attribute.name,
    type: attribute.type,
    on: attribute.on,
    absent: attribute.absent,
    about: attribute.about,
    values: attribute.values,
    open: attribute.open,
    source: attribute.source,
    otherwise: attribute.otherwise,
    orSession: attribute.orSession,
    measure: attribute.measure,
    of: attribute.of,
    content: attribute.content,
    url: attribute.url,
    shownWith: attribute.shownWith,
    maxBytes: attribute.maxBytes,
    wordOnTrace: attribute.wordOnTrace,
    tracedOnRequest: attribute.tracedOnRequest,
    whenAbsentOnTrace: attribute.whenAbsentOnTrace,
  };
}

type ComputedKeys<A> = { [K in keyof A]: A[K] extends { readonly source: 'computed' } ? K : never }[keyof A];
type GroupsOf<A> = { [K in keyof A]: A[K] extends { readonly group: infer G extends GroupName } ? G : never }[keyof A];
type AllOf<G extends GroupName> = (G extends unknown ? (options: GroupOptions[G]) => void : never) extends (
  options: infer All,
) => void
  ? All
  : never;
/** The options of an event's method: inferred from its attributes, with their comments. */
export type EventOptions<A> = AttributeOptions<A> & AllOf<GroupsOf<A>>;

/** What the recording function of an event must add to the options: its computed attributes; it may replace options. */
export type ComputedValues<A> = { readonly [K in ComputedKeys<A>]: ValueOf<A[K]> | undefined } & {
  readonly [K in OptionKeys<A>]?: unknown;
};

/** Names of the attributes of a table. */
export type AttributeNames<A> = A[keyof A] extends infer D
  ? D extends { readonly name: infer N extends string }
    ? N
    : never
  : never;

/** Refuses an attribute that says to come from the session and is none of its values. */
type SessionSourced<A> = {
  readonly [K in keyof A]: A[K] extends { readonly source: 'session' } | { readonly orSession: true }
    ? K extends keyof SessionValues
      ? A[K]
      : never
    : A[K];
};

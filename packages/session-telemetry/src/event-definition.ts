import type { AttributeDefinition, AttributePlan, Signals } from './attribute-definition.ts';
import type { GroupName, GroupOptions } from './attribute-groups.ts';
import { attributeGroups } from './attribute-groups.ts';
import type { AttributeOptions, OptionKeys, ValueOf } from './attribute-options.ts';
import type { SessionValues } from './session-identity.ts';
import type { SessionSetting } from './session-settings.ts';

/** Stands for a group of attributes that several events share. */
export interface GroupReference {
  readonly group: GroupName;
}

/** The attributes of an event in the order they are sent. The key is the option, or computed value, that each is read from. */
export type AttributeTable = Readonly<Record<string, AttributeDefinition | GroupReference>>;

/**
 * One event: the definition that code, docs and tests share.
 *
 * Each event declares its attributes as a constant (`as const`) and does not pass them to `defineEvent` directly.
 * Declarations are emitted file by file (`isolatedDeclarations`), so the type of an exported value must be visible in its
 * own file, which the type of a call's result is not. The comments on the constant's keys are what editors show on the
 * options inferred from it.
 */
export interface EventDefinition<A extends AttributeTable = AttributeTable> extends EventDescription<A> {
  /** The `event.name` of the log record, and the name of the span event. */
  readonly name: string;
  /** All attributes, those of groups included. */
  readonly plans: readonly AttributePlan[];
  /** Whether there is a log record. */
  readonly logged: boolean;
  /** Whether there is a span event. */
  readonly traced: boolean;
  /** Whether it carries the attributes of an error: never, if there is one, or always. */
  readonly error: 'none' | 'perhaps' | 'always';
}

/** The part of a definition that an event's file writes. */
export interface EventDescription<A extends AttributeTable> {
  /** When it is recorded: a sentence for the docs. */
  readonly about: string;
  /** The signals that carry its attributes, unless one names its own. */
  readonly on: Signals;
  readonly attributes: A;
  /** Whether the common attributes follow its own. @defaultValue `'all'` */
  readonly common?: 'all' | 'none' | undefined;
  /** The scope of its log records. @defaultValue the scope of the session's logger */
  readonly scope?: string | undefined;
  /** `level` of the span event. @defaultValue `INFO` */
  readonly level?: 'TRACE' | undefined;
  /** A method that records it, besides the one in the registry. */
  readonly alsoBy?: string | undefined;
  /** The setting that must be on for it to be recorded. @defaultValue always recorded */
  readonly onlyWith?: SessionSetting | undefined;
}

/** Defines an event. */
export function defineEvent<const A extends AttributeTable>(
  name: string,
  event: EventDescription<A> & { readonly attributes: SessionSourced<A> },
): EventDefinition<A> {
  const plans = attributePlans(event.attributes, event.on);
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

/** The attributes of a table, each group replaced by its attributes. */
export function attributePlans(table: AttributeTable, on: Signals): readonly AttributePlan[] {
  return Object.entries(table).flatMap(([key, entry]) =>
    'group' in entry ? attributePlans(attributeGroups[entry.group], on) : [plan(key, entry, on)],
  );
}

/** Gives all plans one object shape: reading from objects of many shapes is half of what an event costs. */
function plan(
  key: string,
  attribute: AttributeDefinition,
  on: Signals,
): { readonly [K in keyof AttributePlan]-?: AttributePlan[K] } {
  return {
    key,
    name: attribute.name,
    type: attribute.type ?? 'string',
    on: attribute.on ?? on,
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

/** What an event's recording function adds to the options: every computed attribute, and replacements for options if any. */
export type ComputedValues<A> = { readonly [K in ComputedKeys<A>]: ValueOf<A[K]> | undefined } & {
  readonly [K in OptionKeys<A>]?: unknown;
};

/** Refuses a table with computed attributes. */
export type NothingComputed<A> = [ComputedKeys<A>] extends [never] ? unknown : never;

/** Names of the attributes of a table. */
export type AttributeNames<A> = A[keyof A] extends infer D
  ? D extends { readonly name: infer N extends string }
    ? N
    : never
  : never;

/** Refuses an attribute with `source: 'session'` whose key the session does not have. */
type SessionSourced<A> = {
  readonly [K in keyof A]: A[K] extends { readonly source: 'session' } | { readonly orSession: true }
    ? K extends keyof SessionValues
      ? A[K]
      : never
    : A[K];
};

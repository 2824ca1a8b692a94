import type { AttributeType } from './attribute-definition.ts';
import type { GenAiMessage } from './turn/gen-ai/messages.ts';

/** The type in which callers pass a value, by the type that it is sent with. */
interface Values extends Record<AttributeType, unknown> {
  readonly string: string;
  readonly int: number;
  readonly uint: number;
  readonly double: number;
  readonly bool: boolean;
  readonly 'string(n)': number;
  readonly 'string(d)': string;
  readonly 'string(b)': boolean;
  readonly messages: string | readonly GenAiMessage[];
  readonly instructions: string;
}

/** The type in which callers pass an attribute's value. */
export type ValueOf<D> = D extends { readonly values: readonly (infer V)[] }
  ? D extends { readonly open: true }
    ? V | (string & {})
    : V
  : D extends { readonly type: infer T extends AttributeType }
    ? Values[T]
    : string;

type NoOption = { readonly source: string } | { readonly measure: string } | { readonly group: string };
type CanBeLeftOut = { readonly absent: string } | { readonly otherwise: unknown };
/** The keys of a table that callers pass as options. */
export type OptionKeys<A> = { [K in keyof A]: A[K] extends NoOption ? never : K }[keyof A];
type OptionalKeys<A> = {
  [K in keyof A]: A[K] extends NoOption ? never : A[K] extends CanBeLeftOut ? K : never;
}[keyof A];
// Mapped over the keys of the table itself, so that editors show its comments on the options.
type Given<A, K extends keyof A> = { readonly [P in K]: ValueOf<A[P]> };
type Perhaps<A, K extends keyof A> = { readonly [P in K]?: ValueOf<A[P]> | undefined };

/** The options that a table of attributes reads, without those of groups. */
export type AttributeOptions<A> = Given<A, Exclude<OptionKeys<A>, OptionalKeys<A>>> & Perhaps<A, OptionalKeys<A>>;

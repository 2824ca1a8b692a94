import { errorType } from '@codex-otel/token-usage';
import { property } from './property.ts';

/** What records say about an error. */
export interface ErrorDescription {
  /** Content: log records only. */
  readonly message: string;
  /** A short identifier, safe for traces: the error's code, type or name. */
  readonly type: string;
}

/** Options that describe an error. Without any of them there was none. */
export interface ErrorOptions {
  /** Whatever was thrown or reported; `null` counts as no error. */
  readonly error?: unknown;
  /** Its message. Content: log records only. @defaultValue the message of `error` */
  readonly errorMessage?: string | undefined;
  /** A short identifier, which span events carry. @defaultValue the code, type or name of `error`, else `_OTHER` */
  readonly errorType?: string | undefined;
}

/** The conventions' `error.type` for an error without a better name. */
export const UNKNOWN_ERROR_TYPE = '_OTHER';

/** Refuses free text: a name with blanks is a message, and messages stay off traces. */
const identifier = /^[\w./:-]{1,128}$/;

/** Describes whatever was thrown or reported; `undefined` if there is no error. Never throws. */
export function describeError(options: ErrorOptions): ErrorDescription | undefined {
  // Callbacks get `null` if nothing went wrong.
  const error = property(options, 'error') ?? undefined;
  const errorMessage = property(options, 'errorMessage');
  const givenType = property(options, 'errorType');
  if (error === undefined && errorMessage === undefined && givenType === undefined) return undefined;
  return {
    message: typeof errorMessage === 'string' ? errorMessage : errorText(error ?? givenType),
    type: isIdentifier(givenType) ? givenType : errorKind(error),
  };
}

/** The HTTP status of a result or an error, in any of the places where clients put it. */
export function statusOf(value: unknown): number | undefined {
  const own = property(value, 'status') ?? property(value, 'statusCode');
  const status = own ?? property(property(value, 'response'), 'status');
  return typeof status === 'number' && Number.isInteger(status) ? status : undefined;
}

/** Whether a value is an identifier and nothing more, so that a trace may carry it. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && identifier.test(value);
}

/** Whether a value is a word for an error, such as a service's error code. Digits are refused, since keys and ids have them. */
export function isErrorWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z_.-]{0,63}$/.test(value);
}

function errorText(error: unknown): string {
  if (typeof error === 'string') return error;
  if (error === undefined) return 'unknown error';
  const message = property(error, 'message') ?? property(property(error, 'error'), 'message');
  if (typeof message === 'string') return message;
  try {
    return (typeof error === 'object' ? JSON.stringify(error) : String(error)) ?? UNKNOWN_ERROR_TYPE;
  } catch {
    return UNKNOWN_ERROR_TYPE;
  }
}

function errorKind(error: unknown): string {
  const own = errorType(error);
  // Some clients wrap the API's error object in one of their own that has no better name.
  return own === UNKNOWN_ERROR_TYPE || own === 'Error' ? nested(error, own) : own;
}

function nested(error: unknown, own: string): string {
  const inner = errorType(property(error, 'error'));
  return inner === UNKNOWN_ERROR_TYPE ? own : inner;
}

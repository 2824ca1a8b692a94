import { errorType } from '@codex-otel/token-usage';
import { property } from './property.ts';

/** What a record says about an error. */
export interface ErrorDescription {
  /** Content: log records only. */
  readonly message: string;
  /** A short identifier, safe for traces: the error's code, type or name. */
  readonly type: string;
}

/** Explicit fields win over what the error itself says. */
export interface ErrorOptions {
  readonly error?: unknown;
  readonly errorMessage?: string | undefined;
  readonly errorType?: string | undefined;
}

/** The convention's word for an error that has no better name. */
export const UNKNOWN_ERROR_TYPE = '_OTHER';

/** Free text does not pass: a name with blanks in it is a message, and messages stay off traces. */
const identifier = /^[\w./:-]{1,128}$/;

/** Describes whatever was thrown or reported; nothing when there is no error. Never throws. */
export function describeError(options: ErrorOptions): ErrorDescription | undefined {
  // `null` is what callbacks are given where nothing went wrong.
  const error = property(options, 'error') ?? undefined;
  const errorMessage = property(options, 'errorMessage');
  const givenType = property(options, 'errorType');
  if (error === undefined && errorMessage === undefined && givenType === undefined) return undefined;
  return {
    message: typeof errorMessage === 'string' ? errorMessage : errorText(error ?? givenType),
    type: isIdentifier(givenType) ? givenType : errorKind(error),
  };
}

/** The HTTP status that a result or an error carries, wherever the usual clients put it. */
export function statusOf(value: unknown): number | undefined {
  const own = property(value, 'status') ?? property(value, 'statusCode');
  const status = own ?? property(property(value, 'response'), 'status');
  return typeof status === 'number' && Number.isInteger(status) ? status : undefined;
}

/** A text that can be no more than an identifier, so it may stand on a trace. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && identifier.test(value);
}

/** A word for an error, such as a service's error code. It has no digits, which keys and ids have. */
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

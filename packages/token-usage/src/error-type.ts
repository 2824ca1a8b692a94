import { property } from './property.ts';

/** The shape of an identifier. A sentence, which may hold content, does not match. */
const IDENTIFIER = /^[A-Za-z0-9_.:/-]{1,64}$/;

/** A long run of letters and digits: a key or an id, which some servers repeat in the fields of an error. */
const KEY = /(?=[A-Za-z]{0,64}\d)[A-Za-z0-9]{20}/;
/** The end of a class's name, such as `InvalidS3ObjectException`, which is no key. */
const CLASS_NAME = /(?:Error|Exception|Fault|Failure)$/;

/**
 * A name for an error that is safe on a span (`error.type`): the API's error code, else its type, else the error's
 * name, else its HTTP status; else `_OTHER`. Never the message, which is content. Never throws.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '_OTHER';
  const name = identifier(error, 'name');
  const named = name === 'Error' ? undefined : name;
  const type = identifier(error, 'type');
  // The generic type that streams send for errors.
  const typed = type === 'error' ? undefined : type;
  return (
    identifier(error, 'code') ??
    typed ??
    named ??
    status(error, 'status') ??
    status(error, 'code') ??
    name ??
    type ??
    '_OTHER'
  );
}

function identifier(error: object, key: string): string | undefined {
  const value = property(error, key);
  if (typeof value !== 'string' || !IDENTIFIER.test(value)) return undefined;
  return KEY.test(value) && !CLASS_NAME.test(value) ? undefined : value;
}

/** Some servers put an HTTP status into `code` of the response body. */
function status(error: object, key: string): string | undefined {
  const value = property(error, key);
  return typeof value === 'number' && value >= 100 && value <= 599 ? String(value) : undefined;
}

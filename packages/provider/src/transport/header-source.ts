import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { OtlpConnection } from '@codex-otel/config';
import { isOtelConfigError } from '@codex-otel/config';
import { errorName } from '../values/error-name.ts';

/** How long an export waits for its headers before it takes the last ones that were good. */
const ANSWER_MILLIS = 5000;

/** Headers for one export. */
export interface HeaderAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** Not asked for this export: the asking failed, and these are the last that were good. */
  readonly stale: boolean;
}

/** Asks for headers before each export, since tokens expire, and remembers the last good answer. */
export interface HeaderSource {
  /** Rejects when there is no answer, and never was one; the error names no value. */
  ask(timeoutMillis: number): Promise<HeaderAnswer>;
  /** The last good answer, for when nothing can be awaited any more. */
  last(): Readonly<Record<string, string>> | undefined;
}

/** Asks a connection for its headers; one question at a time, however many exports wait for it. */
export function headerSource(connection: Pick<OtlpConnection, 'headers'>): HeaderSource {
  let last: Readonly<Record<string, string>> | undefined;
  let pending: Promise<Readonly<Record<string, string>>> | undefined;

  const question = () => {
    pending ??= Promise.resolve()
      .then(() => connection.headers())
      .catch((error: unknown) => {
        throw namelessError(error);
      })
      .then((headers) => {
        last = checked(headers);
        return last;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };

  return {
    last: () => last,
    ask: async (timeoutMillis) => {
      try {
        return { headers: await within(question(), Math.min(timeoutMillis, ANSWER_MILLIS)), stale: false };
      } catch (error) {
        if (last === undefined) throw error;
        return { headers: last, stale: true };
      }
    },
  };
}

/** A function's own error may quote the token that it could not renew; a command's is made by us, and does not. */
function namelessError(error: unknown): unknown {
  if (isOtelConfigError(error)) return error;
  return new Error(`asking for them failed (${errorName(error)})`);
}

/** Names are the user's own words, values are not for any message. */
function checked(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new Error(`the header ${JSON.stringify(name)} is not valid`);
    }
  }
  return Object.fromEntries(entries);
}

function within<T>(promise: Promise<T>, timeoutMillis: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no headers within ${timeoutMillis} ms`)), timeoutMillis);
    timer.unref();
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

import type { OtlpConnection } from '@codex-otel/config';
import { errorName, isOtelConfigError } from '@codex-otel/config';

/** How long one call for headers may take, and how long an export waits before it uses the last answer. */
const QUESTION_MILLIS = 5000;
/** How long the last answer may be used instead of a new one: about the life of an access token. */
const LAST_ANSWER_MILLIS = 3_600_000;

/** Headers for one export. */
export interface HeaderAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether these are the last good headers, because asking for new ones failed. */
  readonly stale: boolean;
}

/** Asks for headers before each export, since tokens expire, and remembers the last good answer for an hour. */
export interface HeaderSource {
  /** Rejects if there is no answer and no earlier one that may still be valid. The error contains no header value. */
  ask(timeoutMillis: number): Promise<HeaderAnswer>;
  /** The last good answer, for when nothing can be awaited any more; `undefined` if it is too old. */
  last(): Readonly<Record<string, string>> | undefined;
}

/** Options for {@link headerSource}. */
export interface HeaderSourceOptions {
  /** Milliseconds from any fixed origin, never going back. @defaultValue the process's own clock */
  readonly now?: (() => number) | undefined;
  /** How long one call may take. @defaultValue 5000 */
  readonly questionMillis?: number | undefined;
}

/** A good answer. */
interface KnownAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly question: number;
  readonly answeredAt: number;
}

/**
 * Asks a connection for its headers, with one call at a time, however many exports wait for it. A call that is not
 * answered in time is abandoned, and the next export asks again.
 */
export function headerSource(
  connection: Pick<OtlpConnection, 'headers'>,
  { now = () => performance.now(), questionMillis = QUESTION_MILLIS }: HeaderSourceOptions = {},
): HeaderSource {
  let known: KnownAnswer | undefined;
  let pending: Promise<Readonly<Record<string, string>>> | undefined;
  let questions = 0;

  const askConnection = async (question: number) => {
    try {
      const headers = checked(await connection.headers());
      // A late answer is used too, unless a later call was answered first.
      if (known === undefined || known.question < question) known = { headers, question, answeredAt: now() };
      return headers;
    } catch (error) {
      throw namelessError(error);
    }
  };
  const question = () => {
    if (pending !== undefined) return pending;
    questions += 1;
    const asked = within(askConnection(questions), questionMillis).finally(() => {
      if (pending === asked) pending = undefined;
    });
    // When it settles, nothing may be waiting for it any more.
    asked.catch(() => {});
    pending = asked;
    return asked;
  };
  const last = () =>
    known !== undefined && now() - known.answeredAt <= LAST_ANSWER_MILLIS ? known.headers : undefined;

  return {
    last,
    ask: async (timeoutMillis) => {
      try {
        return { headers: await within(question(), Math.min(timeoutMillis, questionMillis)), stale: false };
      } catch (error) {
        const headers = last();
        if (headers === undefined) throw error;
        return { headers, stale: true };
      }
    },
  };
}

/** The error of a function may quote the token that it could not renew. The error of a command is ours and does not. */
function namelessError(error: unknown): unknown {
  if (isOtelConfigError(error) || error instanceof UnusableHeaderError) return error;
  return new Error(`asking for them failed (${errorName(error)})`);
}

/** A header of an answer cannot be sent. */
class UnusableHeaderError extends Error {
  override readonly name = 'UnusableHeaderError';
}

/** Checks names and values. Messages contain the names only. */
function checked(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule('node:http');
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new UnusableHeaderError(`the header ${JSON.stringify(name)} is not valid`);
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

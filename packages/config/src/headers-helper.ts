import { warn } from './diagnostics.ts';
import { endCommand, forgetCommand, rememberCommand } from './helper-process.ts';
import { OtelConfigError } from './otel-config-error.ts';
import type { OtlpHeaders } from './otel-exporter.ts';
import { isTable } from './plain-table.ts';
import { differencesOf, thisPlatform } from './platform.ts';
import { REDACTED, secretRecord, showingOnly } from './redaction.ts';

const DEFAULT_TTL_MILLIS = 300_000;
const DEFAULT_TIMEOUT_MILLIS = 10_000;
/** After a failure the command is not run for this long, so that a broken one is not started for every batch. */
const REST_MILLIS = 1_000;
const MAX_OUTPUT_BYTES = 65_536;

/** Where our function keeps the command it runs; a registered symbol, so that both module formats share it. */
const helperKey = Symbol.for('@codex-otel/config/v1/headers-helper');

/** A command whose output is the headers: all that is needed to run it in another process. */
export interface HeadersHelper {
  /** Program and arguments; no shell is involved. */
  readonly command: readonly string[];
  /** How long an answer is used, in milliseconds, unless the answer itself says. */
  readonly ttlMillis: number;
  /** How long the command may run, in milliseconds. */
  readonly timeoutMillis: number;
  /** Headers that are sent in addition to the command's, which win. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of {@link headersFromHelper}. */
export interface HeadersHelperOptions {
  /** The key that errors name when the command fails. @defaultValue `'headers_helper'` */
  readonly path?: string | undefined;
  /** The command's environment. @defaultValue that of the process */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds from any fixed origin. @defaultValue `performance.now` */
  readonly now?: (() => number) | undefined;
}

/** What {@link headersFromHelper} starts from. */
export interface HeadersHelperInput {
  /** Program and arguments; no shell is involved. */
  readonly command: readonly string[];
  /** How long an answer is used, in milliseconds, unless the answer itself says. @defaultValue 300000 */
  readonly ttlMillis?: number | undefined;
  /** How long the command may run, in milliseconds. @defaultValue 10000 */
  readonly timeoutMillis?: number | undefined;
  /** Headers that are sent in addition to the command's, which win. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Headers that a command prints, for tokens that expire.
 *
 * The command prints a JSON object of names and values, or `{ "headers": { … }, "ttl_ms": 60000 }`. It runs when
 * headers are needed and the last answer is older than its time to live; concurrent callers share one run.
 * The function rejects with an {@link OtelConfigError} when the command fails, takes too long or prints
 * something else; it runs again after one second. A running command does not keep the process alive and ends with
 * it; at its time-out, the processes it started end too.
 */
export function headersFromHelper(
  input: HeadersHelperInput,
  options: HeadersHelperOptions = {},
): () => Promise<Record<string, string>> {
  const { path = 'headers_helper', env = process.env, now = () => performance.now() } = options;
  const helper = helperOf(input);
  let answer: Answer | undefined;
  let goodUntil = Number.NEGATIVE_INFINITY;
  let failure: OtelConfigError | undefined;
  let restUntil = Number.NEGATIVE_INFINITY;
  let running: Promise<Answer> | undefined;

  const run = async (): Promise<Answer> => {
    try {
      answer = await askCommand(helper, path, env);
      goodUntil = now() + (answer.ttlMillis ?? helper.ttlMillis);
      return answer;
    } catch (error) {
      // Other errors are Node refusing an argument, and their message repeats it.
      failure = error instanceof OtelConfigError ? error : failed(path, helper, 'could not be run');
      restUntil = now() + REST_MILLIS;
      warn(failure.message);
      throw failure;
    } finally {
      running = undefined;
    }
  };

  const ask = async (): Promise<Record<string, string>> => {
    if (answer === undefined || now() >= goodUntil) {
      if (running === undefined && failure !== undefined && now() < restUntil) throw failure;
      running ??= run();
      await running;
    }
    return secretRecord({ ...helper.headers, ...answer?.headers });
  };
  return attachHelper(ask, helper);
}

/**
 * The command that the headers come from, if any: enough for another process to run it.
 *
 * @param headers - An exporter's headers, or the `headers` of a connection.
 */
export function headersHelperOf(
  headers: OtlpHeaders | (() => Promise<unknown>) | undefined,
): HeadersHelper | undefined {
  if (typeof headers !== 'function') return undefined;
  const helper: unknown = Reflect.get(headers, helperKey);
  return isHelper(helper) ? helper : undefined;
}

/** Lets {@link headersHelperOf} find the command of a function that runs it. */
export function attachHelper<T extends () => Promise<unknown>>(ask: T, helper: HeadersHelperInput): T {
  return Object.defineProperty(ask, helperKey, { value: helperOf(helper) });
}

function helperOf({ command, ttlMillis, timeoutMillis, headers }: HeadersHelperInput): HeadersHelper {
  const helper = {
    command,
    ttlMillis: ttlMillis ?? DEFAULT_TTL_MILLIS,
    timeoutMillis: timeoutMillis ?? DEFAULT_TIMEOUT_MILLIS,
    headers: secretRecord(headers ?? {}),
  };
  // Arguments may be secrets; errors show only the program's name.
  return showingOnly(helper, { ...helper, command: [command[0], ...command.slice(1).map(() => REDACTED)] });
}

function isHelper(value: unknown): value is HeadersHelper {
  return typeof value === 'object' && value !== null && 'command' in value && 'timeoutMillis' in value;
}

interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly ttlMillis: number | undefined;
}

async function askCommand(
  helper: HeadersHelper,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Answer> {
  // Loaded only if such a command is configured.
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = helper.command;
    const child = spawn(program, args, {
      env: { ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
      // A process group of its own, so that what the command started can be ended with it.
      detached: differencesOf(thisPlatform()).hasProcessGroups,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isSettled = false;
    const settle = (outcome: () => void) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      forgetCommand(child);
      child.stdout.destroy();
      outcome();
    };
    const giveUp = (reason: string) =>
      settle(() => {
        endCommand(child);
        reject(failed(path, helper, reason));
      });
    // A grandchild may keep the pipe open forever, so the time limit does not wait for the end of the output.
    const timer = setTimeout(() => giveUp(`took longer than ${helper.timeoutMillis} ms`), helper.timeoutMillis);
    timer.unref();
    child.unref();
    if ('unref' in child.stdout && typeof child.stdout.unref === 'function') child.stdout.unref();
    rememberCommand(child);
    child.stdout.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) giveUp(`printed more than ${MAX_OUTPUT_BYTES} bytes`);
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      giveUp(`could not be started (${error.code ?? 'unknown reason'})`),
    );
    child.on('close', (exitCode, signal) => {
      if (exitCode !== 0) giveUp(signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`);
      settle(() => {
        try {
          resolve(parseAnswer(Buffer.concat(chunks).toString(), helper, path));
        } catch (error) {
          reject(error);
        }
      });
    });
  });
}

function parseAnswer(output: string, helper: HeadersHelper, path: string): Answer {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    // The parser's message repeats the output.
    throw failed(path, helper, 'did not print JSON');
  }
  const structured = isTable(json) && isTable(json.headers) ? json : undefined;
  const headers = structured?.headers ?? json;
  const ttl = structured?.ttl_ms;
  if (!isTable(headers) || !isTextTable(headers)) throw failed(path, helper, 'did not print an object of strings');
  if (ttl !== undefined && !(typeof ttl === 'number' && ttl >= 0)) {
    throw failed(path, helper, "printed a 'ttl_ms' that is not a number of milliseconds");
  }
  return { headers, ttlMillis: typeof ttl === 'number' ? ttl : undefined };
}

function isTextTable(table: Readonly<Record<string, unknown>>): table is Readonly<Record<string, string>> {
  return Object.values(table).every((value) => typeof value === 'string');
}

function failed(path: string, helper: HeadersHelper, reason: string): OtelConfigError {
  // If somebody wrote arguments instead of a program path, they may contain a key.
  const program = (helper.command[0] ?? '').replace(/\s-.*$/s, ' …');
  return new OtelConfigError({ path, message: `the command '${program}' ${reason}` });
}

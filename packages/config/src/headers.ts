import { warn } from './diagnostics.ts';
import type { Env } from './env.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';

/** A token of RFC 9110: anything else could inject a second header. */
const NAME = /^[\w!#$%&'*+.^`|~-]{1,256}$/;
const VALUE = /^[\t -~\u0080-\u00ff]*$/;
const MAX_VALUE_LENGTH = 16_384;
/** gRPC metadata allows less than HTTP, and its binary values are not text. */
const GRPC_NAME = /^(?!grpc-)[\d_a-z.-]+(?<!-bin)$/;
const GRPC_VALUE = /^[ -~]*$/;

/** Set by the transport; other values would break the request. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers that can be sent, with lower-case names. Illegal ones are skipped and passed to `report`, by name and
 * never with the value.
 */
export function sendableHeaders(
  headers: Readonly<Record<string, unknown>>,
  transport: 'http' | 'grpc',
  report: (problem: string, name: string) => void = warn,
): Record<string, string> {
  const sendable: Record<string, string> = {};
  for (const [written, given] of Object.entries(headers)) {
    const name = written.toLowerCase();
    // A token from a file ends in a line break, which is not part of it.
    const value = typeof given === 'string' ? given.trim() : given;
    const problem = headerProblem(name, value, transport);
    if (problem === undefined && typeof value === 'string') sendable[name] = value;
    else report(`the header '${printable(written)}' is not sent: ${problem}`, written);
  }
  return sendable;
}

function headerProblem(name: string, value: unknown, transport: 'http' | 'grpc'): string | undefined {
  const isGrpc = transport === 'grpc';
  if (name === '__proto__' || !(NAME.test(name) && (!isGrpc || GRPC_NAME.test(name)))) return 'its name is not legal';
  if (RESERVED.has(name)) return 'it belongs to the transport';
  if (typeof value !== 'string') return 'its value is not a string';
  if (value.length > MAX_VALUE_LENGTH) return `its value is longer than ${MAX_VALUE_LENGTH} characters`;
  return (isGrpc ? GRPC_VALUE : VALUE).test(value) ? undefined : 'its value has illegal characters';
}

/** A name that is safe to show: an invalid header name could be anything. */
function printable(name: string): string {
  return name.replace(/[^ -~]/g, '?').slice(0, 60);
}

/**
 * Replaces `${NAME}` in a string with the environment variable; `$${NAME}` gives a literal `${NAME}`.
 *
 * @returns The text, or the problem when a variable is not set.
 */
export function substituted(template: string, env: Env, path: string): string | OtelConfigProblem {
  let missing: string | undefined;
  const text = template.replace(/(\$?)\$\{([^{}]*)\}/g, (whole, escaped: string, name: string) => {
    if (escaped !== '') return whole.slice(1);
    const value = env[name];
    if (value === undefined) missing ??= name;
    return value ?? '';
  });
  if (missing === undefined) return text;
  return { path, message: `the environment variable '${printable(missing)}' is not set` };
}

import type { DiagLogFunction } from '@opentelemetry/api';
import { DiagLogLevel, diag } from '@opentelemetry/api';

/** Why exports failed. */
export interface ExportTrouble {
  /** What the connection or the collector said, such as `connect ECONNREFUSED 127.0.0.1:4318` or `HTTP 401`. */
  readonly reason: string;
  /** The signal whose exports failed; absent if it is not about exports. */
  readonly signals: readonly string[];
}

/** A few reasons are enough to understand what is wrong. */
const MAX_REASONS = 8;

/** The provider's message about a failed export. */
const EXPORT_LINE =
  /^codex-otel\/provider: (traces|logs|metrics) to \S+: (?:could not export \d+, trying again in \d+ ms|lost \d+|the collector rejected \d+|dropping): (.+)$/s;

/**
 * Listens to OpenTelemetry's diagnostics, the only place where telemetry reports its problems: it never throws into the
 * program, and prints nothing.
 *
 * @returns a function that returns the problems so far.
 */
export function listenForTroubles(
  env: Readonly<Record<string, string | undefined>> = process.env,
): () => readonly ExportTrouble[] {
  const heard = new Map<string, Set<string>>();
  const listen: DiagLogFunction = (message) => {
    const [, signal, reason = message] = EXPORT_LINE.exec(message) ?? [];
    if (!heard.has(reason) && heard.size >= MAX_REASONS) return;
    const signals = heard.get(reason) ?? new Set();
    heard.set(reason, signal === undefined ? signals : signals.add(signal));
  };
  const isDebugging = env.CODEX_OTEL_DEBUG === '1';
  // With this variable the provider prints diagnostics only if nobody listens to them.
  const print: DiagLogFunction = (...parts) => {
    if (isDebugging) process.stderr.write(`${parts.map(String).join(' ')}\n`);
  };
  const both: DiagLogFunction = (...parts) => {
    listen(...parts);
    print(...parts);
  };
  diag.setLogger(
    { error: both, warn: both, info: print, debug: print, verbose: print },
    { logLevel: isDebugging ? DiagLogLevel.DEBUG : DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  return () => Array.from(heard, ([reason, signals]) => ({ reason, signals: [...signals].sort() }));
}

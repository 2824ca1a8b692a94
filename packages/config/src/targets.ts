/** Target of the session's log records. */
export const OTEL_LOG_ONLY_TARGET = 'codex_otel.log_only';
/** Target of the session's span events. */
export const OTEL_TRACE_SAFE_TARGET = 'codex_otel.trace_safe';
/** Target of the network proxy's audit records. */
export const OTEL_NETWORK_PROXY_TARGET = 'codex_otel.network_proxy';

const exportPrefix = 'codex_otel';

/** Whether an event of this target may become a span event. */
export function isTraceSafeTarget(target: string): boolean {
  return typeof target === 'string' && target.startsWith(OTEL_TRACE_SAFE_TARGET);
}

/** Whether a record of this target is exported as a log: ours, and not meant for traces. */
export function isLogExportTarget(target: string): boolean {
  return typeof target === 'string' && target.startsWith(exportPrefix) && !isTraceSafeTarget(target);
}

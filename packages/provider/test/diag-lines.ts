import { DiagLogLevel, diag } from '@opentelemetry/api';

/** A line on OpenTelemetry's diagnostics. */
export interface DiagLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug' | 'verbose';
  readonly text: string;
}

/** Collects the lines on diagnostics from now on. */
export function captureDiag(): DiagLine[] {
  const lines: DiagLine[] = [];
  const keep =
    (level: DiagLine['level']) =>
    (...parts: unknown[]) => {
      lines.push({ level, text: parts.map(String).join(' ') });
    };
  const logger = {
    error: keep('error'),
    warn: keep('warn'),
    info: keep('info'),
    debug: keep('debug'),
    verbose: keep('verbose'),
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  return lines;
}

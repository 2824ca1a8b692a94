import { diag } from '@opentelemetry/api';
import type { OutletReport } from './outlet-report.ts';

/**
 * Reports on `diag` how exports go: one line for each change, the rest at debug level.
 *
 * @param destination - the endpoint, without user name, password or query
 */
export function diagReporter(destination: string): (report: OutletReport) => void {
  return (report) => {
    const line = `codex-otel/provider: ${report.signal} to ${destination}: ${describe(report)}`;
    if (!report.changed) diag.debug(line);
    else if (report.kind === 'recovered') diag.info(line);
    else if (report.kind === 'failed' || report.kind === 'unencoded' || report.kind === 'retrying') diag.error(line);
    else diag.warn(line);
  };
}

function describe(report: OutletReport): string {
  switch (report.kind) {
    case 'exported':
      return `exported ${report.items} in ${Math.round(report.elapsedMillis)} ms`;
    case 'rejected':
      return `the collector rejected ${report.items}: ${report.reason}`;
    case 'retrying':
      return `could not export ${report.items}, trying again in ${Math.round(report.delayMillis)} ms: ${report.reason}`;
    case 'divided':
      return `sending ${report.items} in smaller batches: ${report.reason}`;
    case 'unencoded':
    case 'failed':
      return `lost ${report.items}: ${report.reason}`;
    case 'dropping':
      return `dropping: ${report.reason}`;
    case 'recovered':
      return report.items > 0 ? `exports succeed again; ${report.items} were dropped` : 'exports succeed again';
  }
}

import type { FaultOutcome } from './fault-matrix.ts';
import { faults, itemsPerSignal, protocols, runFault, timeoutMillis } from './fault-matrix.ts';

/** Runs the whole matrix, one cell after another, and gives it as a table. */
export async function measureFaults(): Promise<string> {
  const rows: string[] = [];
  for (const fault of faults) {
    for (const protocol of protocols) {
      const running = await runFault(fault, protocol, 'running');
      const shutdown = await runFault(fault, protocol, 'shutdown');
      const exit = await runFault(fault, protocol, 'exit');
      const cells = [
        fault.name,
        protocol,
        `${round(running.report.heldMillis)}`,
        `${round(running.report.heapMiB)}`,
        `${round(shutdown.report.heldMillis)} + ${round(shutdown.lingeredMillis)}`,
        arrived(shutdown),
        `${round(exit.report.heldMillis)} + ${round(exit.lingeredMillis)}`,
        arrived(exit),
      ];
      rows.push(`| ${cells.join(' | ')} |`);
    }
  }
  return [
    `Recorded: ${itemsPerSignal} spans, ${itemsPerSignal} log records, 1 metric point; time-out ${timeoutMillis} ms. Times in ms: of the call + from its end to the end of the process.`,
    '',
    '| fault | protocol | running: flush | heap MiB | shutdown | arrived (spans, logs, metrics) | exit | arrived |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function arrived({ arrived: { traces, logs, metrics } }: FaultOutcome): string {
  return `${traces}, ${logs}, ${metrics}`;
}

function round(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

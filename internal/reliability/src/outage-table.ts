import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { protocols } from './fault-matrix.ts';
import type { OutageTask } from './outage-program.ts';
import { startProgram } from './program.ts';

const ROUNDS = 3;
const MEASURE_MILLIS = 20_000;

/** The CPU that an agent with a queue spends while its collector is down: share of one core, with all three signals. */
export async function measureOutage(): Promise<string> {
  const collector = await startOtlpCollector();
  try {
    await collector.behave({ kind: 'refuse' });
    const rows: string[] = [];
    for (const protocol of protocols) {
      const url = protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl;
      const task: OutageTask = {
        protocol,
        url,
        queuedRecords: 20_000,
        settleMillis: 5000,
        measureMillis: MEASURE_MILLIS,
      };
      const samples: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { output } = await startProgram('./outage-program.ts', task).ended;
        samples.push(JSON.parse(output).cpuPercent);
      }
      rows.push(`| ${protocol} | ${samples.map((sample) => sample.toFixed(2)).join(', ')} |`);
    }
    return [
      `Connection refused; 20,000 log records queued; CPU over ${MEASURE_MILLIS / 1000} s, beginning 5 s after the start; goal: under 0.5 % of a core.`,
      '',
      '| protocol | % of one core, each round |',
      '| --- | --- |',
      ...rows,
    ].join('\n');
  } finally {
    await collector.close();
  }
}

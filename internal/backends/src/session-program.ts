// A program: lives through sessions of the demo and prints their report. Metrics go to a back end; traces and log
// records stay, since the truth comes from them.
import { runDemo } from '@codex-otel/example-cli';

/** What it is told, as its argument. */
export interface SessionTask {
  readonly endpoint: string;
  readonly otelConfig: string;
  readonly rounds: number;
}

const task: SessionTask = JSON.parse(process.argv[2] ?? '');
const report = await runDemo({ ...task, signals: ['metrics'] });
process.stdout.write(JSON.stringify(report));

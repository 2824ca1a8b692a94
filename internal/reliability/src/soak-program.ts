// An agent under steady load: events at a fixed rate, each a log record, a counter and a histogram, now and then a
// span. Every few seconds a line of JSON says how much memory it holds after a collection.
import { createOtelProvider } from '@codex-otel/provider';
import type { AgentConnection } from './agent-settings.ts';
import { agentSettings } from './agent-settings.ts';

/** The task of the agent. */
export interface SoakTask extends AgentConnection {
  readonly eventsPerSecond: number;
  readonly runMillis: number;
}

/** One line of its output. */
export interface SoakLine {
  readonly elapsedMillis: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Recorded up to now. */
  readonly events: number;
  /** Log records that were dropped or refused up to now. */
  readonly lost: number;
}

const TICK_MILLIS = 20;
const LINE_MILLIS = 5000;

const task: SoakTask = JSON.parse(process.argv[2] ?? '');
const provider = await createOtelProvider(agentSettings(task));
if (provider === undefined) throw new Error('no exporter is set');
const { logger, metrics, tracer } = provider;
const tags = Object.freeze({ kind: 'response.output_text.delta', success: 'true' });
const startedAt = performance.now();
let events = 0;

const ticking = setInterval(() => {
  const due = ((performance.now() - startedAt) / 1000) * task.eventsPerSecond;
  for (; events < due; events += 1) {
    logger.emit({ eventName: 'codex.sse_event', attributes: { 'event.name': 'codex.sse_event', index: events } });
    metrics?.counter('codex.sse_event', 1, tags);
    metrics?.recordDuration('codex.sse_event.duration_ms', events % 100, tags);
    if (events % 100 === 0) tracer.startSpan('handle_responses', { attributes: { index: events } }).end();
  }
}, TICK_MILLIS);
const reporting = setInterval(say, LINE_MILLIS);
setTimeout(async () => {
  clearInterval(ticking);
  clearInterval(reporting);
  say();
  await provider.shutdown({ timeoutMillis: 5000 }).catch(() => {});
}, task.runMillis);

function say(): void {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { dropped, failed } = provider?.stats().logs ?? { dropped: 0, failed: 0 };
  const line: SoakLine = {
    elapsedMillis: performance.now() - startedAt,
    heapBytes: heapUsed,
    rssBytes: rss,
    events,
    lost: dropped + failed,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DemoReport } from '@codex-otel/example-cli';
import { runSession } from '../scenarios.ts';
import type { GenAiBackEnd, RunningGenAiBackEnd, ShownSession } from './back-end.ts';

/** Its lines in the `[otel]` table. */
export const modes = ['off', 'attributes', 'spans'] as const;

/** A value of `gen_ai`, or none. */
export type GenAiSetting = (typeof modes)[number];

/** What a back end shows of a session of the demo. */
export interface GenAiResult {
  readonly mode: GenAiSetting;
  readonly version: string;
  readonly shown: ShownSession;
  /** What the session knows of itself. */
  readonly truth: ShownSession;
  /** What is missing or wrong of what the conventions should show. Without the conventions, nothing is required. */
  readonly wrong: readonly string[];
}

/** Back ends need time to process what they received. */
const SETTLE_MILLIS = 60_000;
const LOOK_MILLIS = 500;

/** Runs the demo in each mode against a back end, with no change but this setting, and reads what it shows. */
export async function tryGenAi(backEnd: GenAiBackEnd, file: string): Promise<readonly GenAiResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-gen-ai-'));
  try {
    const running = await backEnd.start(file, folder);
    try {
      const results = [];
      for (const mode of modes) results.push(await tryMode(running, mode));
      return results;
    } finally {
      await running.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryMode(running: RunningGenAiBackEnd, mode: GenAiSetting): Promise<GenAiResult> {
  const { endpoint, headers, version } = running;
  const report = await runSession(
    {
      endpoint,
      signal: 'traces',
      otelConfig: mode === 'off' ? '' : `gen_ai = "${mode}"`,
      rounds: 1,
      losesLogs: false,
    },
    { OTEL_EXPORTER_OTLP_TRACES_HEADERS: headers },
  );
  const truth = truthOf(report);
  const traceIds = report.turns.map(({ traceId }) => traceId);
  const deadline = performance.now() + SETTLE_MILLIS;
  for (;;) {
    const shown = await running.ask(traceIds);
    const wrong = mode === 'off' ? [] : differences(shown, truth);
    const isSettled = shown.traces === truth.traces && wrong.length === 0;
    if (isSettled || performance.now() > deadline) return { mode, version, shown, truth, wrong };
    await wait(LOOK_MILLIS);
  }
}

/**
 * Its own count of tokens; turns, answered requests and tools that ran, from its log records. The one call of a tool
 * that fails in the demo was declined: nothing ran, so there is no span of it.
 */
function truthOf({ turns, total, facts }: DemoReport): ShownSession {
  const { apiRequests = [], tools = [] } = facts ?? {};
  return {
    traces: turns.length,
    sessions: 1,
    inputTokens: total.inputTokens,
    outputTokens: total.outputTokens,
    cost: undefined,
    kinds: {
      agents: turns.length,
      models: apiRequests.filter(({ success }) => success).length,
      tools: tools.filter(({ success }) => success).length,
    },
  };
}

/** In words. Prices are the back end's own, so only the presence of a cost is checked. */
function differences(shown: ShownSession, truth: ShownSession): readonly string[] {
  const numbers = ({ traces, sessions, inputTokens, outputTokens, kinds }: ShownSession) =>
    Object.entries({ traces, sessions, inputTokens, outputTokens, ...kinds });
  const wanted = new Map(numbers(truth));
  return [
    ...numbers(shown)
      .filter(([name, value]) => value !== wanted.get(name))
      .map(([name, value]) => `${name}: ${value}, not ${wanted.get(name)}`),
    ...(shown.cost !== undefined && shown.cost > 0 ? [] : ['no cost']),
  ];
}

import type { TokenUsage } from '@codex-otel/token-usage';
import { buildTurn } from './build-turn.ts';
import { indexSpans } from './span-index.ts';
import { isTurnSpan } from './span-roles.ts';
import type { LogRecord, Telemetry } from './telemetry.ts';
import { textAttribute } from './telemetry.ts';
import type { Forgotten, StoreLimits, TraceData } from './telemetry-store.ts';
import { DEFAULT_LIMITS, sessionOf, TelemetryStore } from './telemetry-store.ts';
import type { TurnSpans } from './trace-turns.ts';
import { turnKey, turnsOfTrace } from './trace-turns.ts';
import type { Turn } from './turn.ts';
import { sumUsage } from './usage.ts';

const PROGRESS = 'codex.turn_progress';
/** Records that only a turn makes. */
const OPENING: ReadonlySet<string> = new Set([PROGRESS, 'codex.user_prompt', 'codex.api_request', 'codex.sse_event']);

/** A conversation with its turns. */
export interface Session {
  /** Empty for turns without a known conversation. */
  readonly id: string;
  /** By start. */
  readonly turns: readonly Turn[];
  /** The session that spawned this one as a sub-agent. */
  readonly parentId: string | undefined;
  readonly usage: TokenUsage | undefined;
  readonly startMillis: number;
  readonly lastMillis: number;
}

/** Turns what arrives into sessions of turns. */
export class ReportModel {
  readonly #store: TelemetryStore;
  readonly #dirty = new Set<string>();
  readonly #turns = new Map<string, readonly Turn[]>();
  readonly #parents = new Map<string, string>();
  #metricPoints = 0;
  #unusable = 0;

  constructor(limits: StoreLimits = DEFAULT_LIMITS) {
    this.#store = new TelemetryStore(limits);
  }

  get forgotten(): Forgotten {
    return this.#store.forgotten;
  }

  get metricPoints(): number {
    return this.#metricPoints;
  }

  /** Items that could not be read. */
  get unusable(): number {
    return this.#unusable;
  }

  add(telemetry: Telemetry): void {
    this.#store.add(telemetry);
    this.#metricPoints += telemetry.metricPoints;
    this.#unusable += telemetry.unusable;
    for (const { traceId } of telemetry.spans) this.#dirty.add(traceId);
    for (const record of telemetry.logs) this.#noteLog(record);
  }

  /** The sessions as they are now, the most recently active first. */
  sessions(): readonly Session[] {
    for (const traceId of this.#dirty) this.#readTrace(traceId);
    this.#dirty.clear();
    for (const traceId of this.#turns.keys()) {
      if (this.#store.trace(traceId) === undefined) this.#turns.delete(traceId);
    }
    const bySession = new Map<string, Turn[]>();
    for (const turn of [...this.#turns.values()].flat()) {
      const turns = bySession.get(turn.sessionId);
      if (turns === undefined) bySession.set(turn.sessionId, [turn]);
      else turns.push(turn);
    }
    return [...bySession].map(([id, turns]) => this.#session(id, turns)).sort((a, b) => b.lastMillis - a.lastMillis);
  }

  #noteLog(record: LogRecord): void {
    if (record.traceId !== undefined) this.#dirty.add(record.traceId);
    else {
      const session = sessionOf(record);
      for (const [traceId, turns] of this.#turns) {
        if (turns.some((turn) => turn.sessionId === session)) this.#dirty.add(traceId);
      }
    }
    const { attributes } = record;
    if (record.name !== 'codex.agent_communication' || attributes.kind !== 'spawn') return;
    const sender = textAttribute(attributes, 'sender_thread_id');
    const receiver = textAttribute(attributes, 'receiver_thread_id');
    if (sender !== undefined && receiver !== undefined && sender !== receiver) this.#parents.set(receiver, sender);
  }

  #readTrace(traceId: string): void {
    const trace = this.#store.trace(traceId);
    if (trace === undefined) return;
    const index = indexSpans(trace.spans);
    const found = turnsOfTrace(traceId, index, openTurnId(trace));
    const turns = [...found, ...turnsInLogs(trace, found)].map((spans) => {
      const logs = found.length > 1 ? logsOf(spans, trace.logs) : trace.logs;
      const turn = buildTurn(spans, index, logs);
      const loose = this.#store.looseLogs(turn.sessionId).filter(({ timeMillis }) => isWithin(turn, timeMillis));
      if (loose.length === 0) return turn;
      return buildTurn(
        spans,
        index,
        [...logs, ...loose].sort((a, b) => a.timeMillis - b.timeMillis),
      );
    });
    if (turns.length > 0) this.#turns.set(traceId, turns);
  }

  #session(id: string, turns: readonly Turn[]): Session {
    const sorted = [...turns].sort((a, b) => a.startMillis - b.startMillis);
    return {
      id,
      turns: sorted,
      parentId: this.#parents.get(id),
      usage: sumUsage(sorted.map(({ usage }) => usage)),
      startMillis: sorted[0]?.startMillis ?? 0,
      lastMillis: sorted.reduce((last, turn) => Math.max(last, turn.endMillis), 0),
    };
  }
}

/** The open turn of a trace, known from its records: its span has not arrived. */
function openTurnId({ spans, logs }: TraceData): string | undefined {
  const told = logs.findLast(({ name }) => name === PROGRESS)?.attributes ?? {};
  const turnId = textAttribute(told, 'turn_id') ?? textAttribute(told, 'turn.id');
  const isFinished = [...spans.values()].some((span) => isTurnSpan(span) && span.attributes['turn.id'] === turnId);
  return isFinished ? undefined : turnId;
}

/** Open turns with nothing but log records so far. */
function turnsInLogs({ traceId, logs }: TraceData, found: readonly TurnSpans[]): readonly TurnSpans[] {
  const known = new Set(found.map(({ turnId }) => turnId));
  const open = new Map<string | undefined, TurnSpans>();
  for (const { name, attributes } of logs) {
    const turnId = textAttribute(attributes, 'turn_id') ?? textAttribute(attributes, 'turn.id');
    const tells = name === PROGRESS || (found.length === 0 && OPENING.has(name));
    if (!tells || known.has(turnId) || (turnId === undefined && found.length > 0)) continue;
    const key = turnKey(traceId, turnId ?? 'open');
    open.set(turnId, { key, traceId, turnId, root: undefined, parentKey: undefined, own: [], orphans: [] });
  }
  // A turn with an id is the same as the one without.
  if (open.size > 1) open.delete(undefined);
  return [...open.values()];
}

/** Of several turns in one trace, the records of one: by span, by turn id, by time. */
function logsOf({ own, root, turnId }: TurnSpans, logs: readonly LogRecord[]): readonly LogRecord[] {
  const spanIds = new Set(own.map(({ spanId }) => spanId));
  return logs.filter((record) => {
    if (record.spanId !== undefined && spanIds.has(record.spanId)) return true;
    const named = textAttribute(record.attributes, 'turn_id') ?? textAttribute(record.attributes, 'turn.id');
    if (named !== undefined) return named === turnId;
    return record.spanId === undefined && root !== undefined && isWithin(root, record.timeMillis);
  });
}

function isWithin({ startMillis, endMillis }: Pick<Turn, 'startMillis' | 'endMillis'>, timeMillis: number): boolean {
  return startMillis <= timeMillis && timeMillis <= endMillis;
}

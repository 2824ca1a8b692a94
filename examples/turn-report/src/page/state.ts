import { computed, signal } from '@preact/signals';
import type { Session } from '../model/report-model.ts';
import { ReportModel } from '../model/report-model.ts';
import type { Forgotten } from '../model/telemetry-store.ts';
import type { Turn } from '../model/turn.ts';
import { embeddedTelemetry, followServer } from './live.ts';
import { prices, turnCost } from './prices.ts';

/** How the list of turns is sorted. */
export type Order = 'by session' | 'slowest' | 'most expensive' | 'failed first';

/** Where the telemetry comes from. */
export type Connection = 'file' | 'connecting' | 'live' | 'lost';

const NOTHING_FORGOTTEN: Forgotten = { sessions: 0, spans: 0, logs: 0 };
/** Milliseconds between two updates: fast enough for the eye, slow enough to combine many small requests. */
const REFRESH_MILLIS = 120;

export const sessions = signal<readonly Session[]>([]);
export const connection = signal<Connection>('connecting');
export const order = signal<Order>('by session');
export const query = signal('');
/** Ticks while a turn is open. */
export const now = signal(Date.now());
export const arrived = signal({ forgotten: NOTHING_FORGOTTEN, metricPoints: 0, unusable: 0 });

/** The turn that the user chose. Until then the newest is shown. */
const chosen = signal<string | undefined>(undefined);

export const turns = computed(() => sessions.value.flatMap((session) => session.turns));
export const selectedTurn = computed<Turn | undefined>(() => {
  const wanted = turns.value.find(({ key }) => key === chosen.value);
  return wanted ?? sessions.value[0]?.turns.at(-1);
});
export const selectedSession = computed(() =>
  sessions.value.find((session) => session.turns.some((turn) => turn.key === selectedTurn.value?.key)),
);

export function selectTurn(key: string): void {
  chosen.value = key;
}

/** Turns that match the search, in the chosen order. */
export const listedTurns = computed<readonly Turn[]>(() => {
  const found = turns.value.filter((turn) => turnMatches(turn, query.value));
  const known = prices.value;
  const duration = (turn: Turn) => turn.endMillis - turn.startMillis;
  const expense = (turn: Turn) => turnCost(turn, known) ?? (turn.usage?.totalTokens ?? 0) / 1e9;
  const trouble = (turn: Turn) => (turn.state === 'failed' ? 2 : turn.state === 'aborted' ? 1 : 0);
  const newest = (a: Turn, b: Turn) => b.startMillis - a.startMillis;
  switch (order.value) {
    case 'by session':
      return found.toSorted(newest);
    case 'slowest':
      return found.toSorted((a, b) => duration(b) - duration(a));
    case 'most expensive':
      return found.toSorted((a, b) => expense(b) - expense(a));
    case 'failed first':
      return found.toSorted((a, b) => trouble(b) - trouble(a) || newest(a, b));
  }
});

/** Whether a search finds anything in a turn. */
function turnMatches(turn: Turn, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const facts = [turn.turnId ?? '', turn.sessionId, turn.traceId, turn.model, turn.task, turn.state, turn.prompt ?? ''];
  if (facts.some((fact) => fact.toLowerCase().includes(wanted))) return true;
  return (
    turn.spans.some((span) => itemMatches(span, wanted)) || turn.logs.some((record) => itemMatches(record, wanted))
  );
}

/** Whether a span or a record has the text, in lower case, in its name or attributes. */
export function itemMatches(
  item: { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> },
  wanted: string,
): boolean {
  if (item.name.toLowerCase().includes(wanted)) return true;
  return Object.entries(item.attributes).some(
    ([key, value]) => key.includes(wanted) || String(value).toLowerCase().includes(wanted),
  );
}

/** Loads the telemetry that the page was saved with, or follows the server. */
export function startReading(): void {
  let model = new ReportModel();
  let before = NOTHING_FORGOTTEN;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    waiting = undefined;
    sessions.value = model.sessions();
    const { forgotten, metricPoints, unusable } = model;
    arrived.value = {
      forgotten: {
        sessions: before.sessions + forgotten.sessions,
        spans: before.spans + forgotten.spans,
        logs: before.logs + forgotten.logs,
      },
      metricPoints,
      unusable,
    };
  };
  const soon = () => {
    if (waiting === undefined) waiting = setTimeout(refresh, REFRESH_MILLIS);
  };
  const saved = embeddedTelemetry();
  if (saved !== undefined) {
    connection.value = 'file';
    model.add(saved);
    refresh();
    return;
  }
  followServer({
    onHello(forgotten) {
      model = new ReportModel();
      before = forgotten;
    },
    onTelemetry(telemetry) {
      model.add(telemetry);
      soon();
    },
    onConnection(connected) {
      connection.value = connected ? 'live' : 'lost';
      if (connected) refresh();
    },
  });
  setInterval(() => {
    if (turns.value.some(({ state }) => state === 'open')) now.value = Date.now();
  }, 1000);
}

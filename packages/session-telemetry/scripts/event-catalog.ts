import { events } from '../src/events/registry.ts';
import { recordPolicyDecision } from '../src/network-proxy-audit.ts';
import type { RecordDefinition, SessionEvent } from '../src/session-event.ts';

/** Every method that makes records or metrics. */
export const recordingMethods: Readonly<Record<string, SessionEvent<never>>> = {
  ...events,
  'NetworkProxyAudit.recordPolicyDecision': recordPolicyDecision,
};

/** Every event with the methods that record it, sorted by name. */
export const catalog: readonly { readonly event: RecordDefinition; readonly methods: readonly string[] }[] = [
  ...new Set(Object.values(recordingMethods).flatMap(({ definitions }) => definitions)),
]
  .map((event) => ({ event, methods: methodsOf(event) }))
  .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));

function methodsOf(event: RecordDefinition): readonly string[] {
  const own = Object.entries(recordingMethods).filter(([, { definitions }]) => definitions.includes(event));
  return [...own.map(([method]) => method), ...(event.alsoBy === undefined ? [] : [event.alsoBy])];
}

function sortKey({ event, methods }: (typeof catalog)[number]): string {
  return `${event.name} ${methods.join()}`;
}

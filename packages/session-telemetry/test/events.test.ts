import { beforeEach, describe, expect, it } from '@jest/globals';
import { catalog } from '../scripts/event-catalog.ts';
import { events } from '../src/events/registry.ts';
import type { EventCase } from './event-cases/event-case.ts';
import { eventCases } from './event-cases/index.ts';
import { logTail, sessionFixture, sessionTags, traceTail } from './session-fixture.ts';

/** The `event.name` that each method records. */
const eventNames = new Map(catalog.flatMap(({ event, methods }) => methods.map((method) => [method, event.name])));

describe('session events', () => {
  beforeEach(
    () => void Reflect.deleteProperty(globalThis, Symbol.for('codex-otel.session-telemetry.tool-result-seq.v1')),
  );

  it.each(eventCases.map((entry): [string, EventCase] => [entry.title, entry]))('%s', async (_title, entry) => {
    const fixture = sessionFixture(entry.metadata);
    await entry.record(fixture.session, fixture.context);

    const [log, ...more] = fixture.logs();
    expect(more).toEqual([]);
    const tail = entry.logTail ?? { ...logTail, ...changedIdentity(entry) };
    expect(entriesWithoutName(log)).toEqual(entry.log && Object.entries({ ...entry.log, ...tail }));

    const [event, ...moreEvents] = fixture.events();
    expect(moreEvents).toEqual([]);
    expect(entriesWithoutName(event)).toEqual(
      entry.trace &&
        Object.entries({
          level: entry.level ?? 'INFO',
          target: 'codex_otel.trace_safe',
          ...entry.trace,
          ...(entry.traceTail ?? traceTail),
        }),
    );
    const name = eventNames.get(/^\w+/.exec(entry.title)?.[0] ?? '');
    if (log !== undefined) expect(Object.entries(log)[0]).toEqual(['event.name', name]);
    if (event !== undefined) expect(Object.entries(event)[2]).toEqual(['event.name', name]);

    expect(fixture.metrics.calls).toEqual(
      (entry.metrics ?? []).map(([name, value, tags]) => ({ name, value, tags: { ...sessionTags, ...tags } })),
    );
    expect(fixture.session.unusableValues).toBe(0);
  });
});

it('has a case for each method of the registry', () => {
  const tried = eventCases.map(({ title }) => /^\w+/.exec(title)?.[0] ?? '');
  const metricsFromFrames = 'recordWebsocketEvent'; // has tests of its own
  expect(Object.keys(events).filter((method) => !tried.includes(method))).toEqual([metricsFromFrames]);
});

/** Attributes in their order, which readers see, without the name. */
function entriesWithoutName(attributes: object | undefined): unknown {
  return attributes && Object.entries(attributes).filter(([key]) => key !== 'event.name');
}

function changedIdentity({ metadata }: EventCase): object {
  return metadata?.authMode === undefined ? {} : { auth_mode: metadata.authMode };
}

import type { PlainAttributes } from '@codex-otel/otlp-collector';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { demoSession, furtherSession } from '../src/index.ts';
import type { Received } from '../src/pipeline.ts';

// With no setting, what is sent is Codex's, name by name. A name that is added or removed changes the snapshot: after a
// deliberate change of the wire, `jest -u` writes it, and its diff is what the changeset has to say.

let received: readonly Received[];
beforeAll(async () => {
  received = [await demoSession(), await furtherSession()];
});

/** Every name, with all attributes that it ever had. */
function names(all: readonly (readonly [name: string, attributes: PlainAttributes])[]): Record<string, string[]> {
  const found: Record<string, Set<string>> = {};
  for (const [name, attributes] of all) {
    found[name] ??= new Set();
    for (const key of Object.keys(attributes)) found[name].add(key);
  }
  return Object.fromEntries(Object.entries(found).map(([name, keys]) => [name, [...keys].sort()]));
}

describe('without gen_ai, the names on the wire', () => {
  it('of spans and their attributes', () => {
    const spans = received.flatMap((each) => each.spans);
    expect(names(spans.map(({ name, attributes }) => [name, attributes]))).toMatchSnapshot();
  });

  it('of span events and their attributes', () => {
    const events = received.flatMap(({ spans }) => spans.flatMap((span) => span.events));
    const nameOf = ({ 'event.name': own }: PlainAttributes, name: string) => String(own ?? name);
    expect(names(events.map(({ name, attributes }) => [nameOf(attributes, name), attributes]))).toMatchSnapshot();
  });

  it('of log records and their attributes', () => {
    const records = received.flatMap(({ logRecords }) => logRecords);
    expect(names(records.map(({ eventName, attributes }) => [eventName, attributes]))).toMatchSnapshot();
  });

  it('of metrics and their tags', () => {
    const metrics = received.flatMap((each) => each.metrics);
    const points = metrics.flatMap(({ name, unit, points }) =>
      points.map(({ attributes }) => [`${name} (${unit})`, attributes] as const),
    );
    expect(names(points)).toMatchSnapshot();
  });
});

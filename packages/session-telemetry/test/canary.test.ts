import { describe, expect, it } from '@jest/globals';
import { events } from '../src/events/registry.ts';
import { sessionFixture } from './session-fixture.ts';

const canary = 'canary with a secret';

/** Everything that attributes are read from, and what describes an error. Content is replaced by canaries. */
const told = Object.entries(events).flatMap(([method, { definitions }]) => {
  const content = definitions.flatMap(({ plans }) => plans.filter(({ content }) => content !== undefined));
  return content.length === 0 ? [] : [{ method, content }];
});

function record(method: string, redact?: () => string) {
  const open = {
    logUserPrompts: true,
    logAgentResponses: true,
    logGuardianAssessments: true,
    genAi: 'attributes',
  } as const;
  const fixture = sessionFixture({ ...open, redact });
  const options: Record<string, unknown> = { error: new Error(canary) };
  for (const { key } of told.find((each) => each.method === method)?.content ?? []) options[key] = canary;
  const given = method === 'userPrompt' ? [{ type: 'text', text: canary }] : options;
  Reflect.apply(Reflect.get(fixture.session, method), fixture.session, [given, fixture.context]);
  return { logs: JSON.stringify(fixture.logs()), traced: JSON.stringify(fixture.events()) };
}

describe('content', () => {
  it('is in the definitions of at least the known number of calls', () => {
    expect(told.length).toBeGreaterThanOrEqual(10);
  });

  it.each(told.map(({ method }) => method))('of %s reaches log records, and no span event', (method) => {
    const { logs, traced } = record(method);
    expect(logs).toContain(canary);
    expect(traced).not.toContain('canary');
  });

  it.each(told.map(({ method }) => method))('of %s passes the redaction', (method) => {
    const { logs, traced } = record(method, () => 'redacted');
    expect(logs).toContain('redacted');
    expect(logs + traced).not.toContain('canary');
  });
});

const addressed = Object.entries(events).flatMap(([method, { definitions }]) => {
  const urls = definitions.flatMap(({ plans }) => plans.filter(({ url }) => url === true));
  return urls.length === 0 ? [] : [{ method, urls }];
});

describe('an address', () => {
  it('is in the definitions of at least the known number of calls', () => {
    expect(addressed.length).toBeGreaterThanOrEqual(3);
  });

  it.each(addressed)('of $method shows neither user, password, query nor fragment', ({ method, urls }) => {
    const fixture = sessionFixture({ scrubSecrets: false });
    const address = 'https://canary-user:canary-password@example.com/path?key=canary-query#canary-fragment';
    const options = Object.fromEntries(urls.map(({ key }) => [key, address]));
    Reflect.apply(Reflect.get(fixture.session, method), fixture.session, [options, fixture.context]);
    const recorded = JSON.stringify([fixture.logs(), fixture.events()]);
    expect(recorded).toContain('https://example.com/path');
    expect(recorded).not.toContain('canary');
  });
});

import { describe, expect, it } from '@jest/globals';
import { SessionTags } from '../src/session-tags.ts';

const session = { model: 'gpt-5.1-codex', originator: 'codex_cli_rs' };

describe('SessionTags', () => {
  it('gives the same frozen set for the same kind, so that metrics clients recognise it', () => {
    const tags = new SessionTags(session);
    const { succeeded, failed } = tags.ofKind('response.created');
    expect(tags.ofKind('response.created')).toEqual({ succeeded, failed });
    expect(tags.ofKind('response.created').succeeded).toBe(succeeded);
    expect(Object.isFrozen(succeeded)).toBe(true);
    expect(succeeded).toEqual({ ...session, kind: 'response.created', success: 'true' });
    expect(failed).toEqual({ ...session, kind: 'response.created', success: 'false' });
  });

  it('keeps a bounded number of kinds, since a peer may invent them', () => {
    const tags = new SessionTags(session);
    const first = tags.ofKind('kind-0').succeeded;
    for (let kind = 1; kind <= 512; kind += 1) tags.ofKind(`kind-${kind}`);
    expect(tags.ofKind('kind-0').succeeded).not.toBe(first);
    expect(tags.ofKind('kind-0').succeeded).toEqual(first);
  });

  it('lets the tags of a call win, and keeps the set of those that cannot change', () => {
    const tags = new SessionTags(session);
    const fixed = Object.freeze({ model: 'other' });
    expect(tags.with(fixed)).toEqual({ ...session, model: 'other' });
    expect(tags.with(fixed)).toBe(tags.with(fixed));
    const changing: Record<string, string> = { tool: 'shell' };
    expect(tags.with(changing).tool).toBe('shell');
    changing.tool = 'patch';
    expect(tags.with(changing).tool).toBe('patch');
    expect(tags.with(undefined)).toBe(tags.session);
  });
});

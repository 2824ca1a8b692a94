import { describe, expect, it } from '@jest/globals';
import { withoutUrlSecrets } from '../src/server-origin.ts';

describe('withoutUrlSecrets', () => {
  it.each([
    ['https://me:hunter2@example.com:8443/mcp', 'https://example.com:8443/mcp'],
    ['https://example.com/mcp?token=hunter2', 'https://example.com/mcp'],
    ['https://example.com/mcp#hunter2', 'https://example.com/mcp'],
    ['https://hunter2@example.com', 'https://example.com/'],
  ])('leaves what is secret out of %s', (origin, shown) => {
    expect(withoutUrlSecrets(origin)).toBe(shown);
  });

  it.each(['stdio', 'in_process', '', 'no url', 'https://example.com', 'https://example.com:8443/mcp'])(
    'leaves %p as it is',
    (origin) => {
      expect(withoutUrlSecrets(origin)).toBe(origin);
    },
  );
});

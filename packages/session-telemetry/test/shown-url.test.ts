import { describe, expect, it } from '@jest/globals';
import { shownUrl } from '../src/shown-url.ts';

describe('shownUrl', () => {
  it.each([
    ['https://me:hunter2@example.com:8443/mcp', 'https://example.com:8443/mcp'],
    ['https://example.com/mcp?token=hunter2', 'https://example.com/mcp'],
    ['https://example.com/mcp#hunter2', 'https://example.com/mcp'],
    ['https://hunter2@example.com', 'https://example.com'],
    ['wss://me:hunter2@example.com/v1/responses?key=hunter2', 'wss://example.com/v1/responses'],
    ['/responses?api_key=hunter2', '/responses'],
    ['me:hunter2@example.com/responses', 'example.com/responses'],
    ['//me:hunter2@example.com/responses', '//example.com/responses'],
    ['https://me:hun/ter2@example.com/x', 'https://example.com/x'],
    ['https:\\\\me:hunter2@example.com', 'https:\\\\example.com'],
  ])('leaves what is secret out of %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  it.each([
    'stdio',
    'in_process',
    '',
    'unknown',
    '/responses',
    'https://example.com:8443/mcp',
    'https://x.example/@a/b',
  ])('leaves %p as it is', (url) => {
    expect(shownUrl(url)).toBe(url);
  });
});

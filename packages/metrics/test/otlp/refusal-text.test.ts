import { describe, expect, it } from '@jest/globals';
import type { ExportTrouble } from '../../src/otlp/refusal-text.ts';
import { firstLine, withHint } from '../../src/otlp/refusal-text.ts';

describe('firstLine', () => {
  it.each([
    ['invalid temporality\nmore', false, 'invalid temporality'],
    ['\r\n  \n  too late  \r\n', false, 'too late'],
    [
      '<html><head><title>413 Request Entity Too Large</title></head>\n<body>nginx</body></html>',
      true,
      '413 Request Entity Too Large',
    ],
    ['<style>h1 {}</style><script>\nx = 1\n</script>\n<p>Sign <b>in</b></p>', true, 'Sign in'],
    ['', false, ''],
  ])('reads %j', (body, isMarkup, line) => {
    expect(firstLine(body, isMarkup)).toBe(line);
  });
});

describe('withHint', () => {
  const http: ExportTrouble['connection'] = { protocol: 'http/protobuf', url: 'http://localhost:4318/otlp' };
  const https: ExportTrouble['connection'] = { protocol: 'http/protobuf', url: 'https://localhost:4318/v1/logs' };
  const grpc: ExportTrouble['connection'] = { protocol: 'grpc', url: 'http://localhost:4318' };

  it.each([
    [
      'the temporality',
      http,
      'HTTP 400: invalid temporality and type combination',
      400,
      'TEMPORALITY_PREFERENCE=cumulative',
    ],
    ['the path', http, 'HTTP 404', 404, '/otlp'],
    ['the port, of HTTP', http, 'Parse Error: Expected HTTP/ (HPE_INVALID_CONSTANT)', undefined, '4318'],
    ['the port, of gRPC', grpc, 'gRPC status 14: Protocol error', undefined, '4317'],
    ['TLS to a port without it', https, 'SSL routines:wrong version number (EPROTO)', undefined, 'http://'],
    [
      'no TLS to a port that speaks it',
      http,
      'HTTP 400: Client sent an HTTP request to an HTTPS server.',
      400,
      'https://',
    ],
  ])('says what is wrong with %s', (_what, connection, reason, status, hint) => {
    expect(withHint({ connection, reason, status })).toContain(hint);
  });

  it.each([
    ['https://me:secret@example.com/v1/logs?token=secret', 'https://example.com/v1/logs'],
    ['/other', 'http://localhost:4318/other'],
    ['http://[', 'not a URL'],
  ])('names where a redirect to %s goes, and no secret', (location, shown) => {
    const line = withHint({ connection: http, reason: 'HTTP 308', status: 308, location });
    expect(line).toContain(shown);
    expect(line).not.toContain('secret');
  });

  it('gives no hint if it knows none', () => {
    expect(withHint({ connection: http, reason: 'HTTP 503', status: 503 })).toBe('HTTP 503');
  });
});

import { describe, expect, it } from '@jest/globals';
import { formatUndelivered, isDelivered } from '../src/undelivered.ts';

const none = { queued: 0, exported: 0, handedOver: 0, dropped: 0, failed: 0 };
const sentTo = { url: 'http://there', protocol: 'http/json', signals: ['traces', 'logs', 'metrics'] } as const;

describe('isDelivered', () => {
  it('is true if everything that was recorded was exported', () => {
    expect(isDelivered({ traces: { ...none, exported: 3 }, logs: none, metrics: none })).toBe(true);
  });

  it.each(['queued', 'handedOver', 'dropped', 'failed'] as const)('is false if something is %s', (where) => {
    const traces = { ...none, exported: 3 };
    expect(isDelivered({ traces, logs: { ...none, exported: 3, [where]: 1 }, metrics: none })).toBe(false);
  });
});

describe('formatUndelivered', () => {
  it('reports what was tried, why it failed, what is lost, what may still arrive and what to do', () => {
    const sent = {
      traces: { ...none, exported: 2, failed: 1 },
      logs: { ...none, queued: 1, dropped: 1, handedOver: 5 },
      metrics: { ...none, exported: 4 },
    };
    const troubles = [
      { reason: 'HTTP 401: no token', signals: ['traces'] },
      { reason: 'a variable is ignored', signals: [] },
      { reason: 'connect ECONNREFUSED 127.0.0.1:1', signals: ['logs', 'traces'] },
    ];
    expect(formatUndelivered({ sentTo, sent }, troubles)).toBe(
      `demo: not all telemetry reached the collector
  tried    http://there (http/json)
  why      HTTP 401: no token (traces)
  why      connect ECONNREFUSED 127.0.0.1:1 (logs, traces)
  besides  a variable is ignored
  lost     1 of 3 spans, 2 of 7 log records
  waiting  5 of 7 log records: a process in the background tries for 30 s more, then they are lost
  do       the collector needs other credentials: set OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20<token>"
  do       nothing listens there: start your collector, or leave out --endpoint to use the collector of the demo
           CODEX_OTEL_DEBUG=1 shows each attempt
`,
    );
  });

  it.each([
    ['getaddrinfo ENOTFOUND nope.example', /check its name/],
    ['HTTP 404', /\/v1\/traces/],
    ['a web page answered, not a collector', /\/v1\/traces/],
    ['HTTP 415', /--protocol/],
    ['HTTP 503: busy', /overloaded/],
    ['HTTP 400', /refuses/],
    ['self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)', /OTEL_EXPORTER_OTLP_CERTIFICATE/],
    ['write EPROTO 00:error:0A00010B:SSL routines:ssl3_get_record:wrong version number', /http:\/\//],
    ['Parse Error: Expected HTTP/ (HPE_INVALID_CONSTANT)', /4317/],
    ['no answer within 10000 ms', /firewall/],
    ['something new', /log/],
  ])('knows what to do about %s', (reason, advice) => {
    const sent = { traces: { ...none, dropped: 1 }, logs: none, metrics: none };
    const text = formatUndelivered({ sentTo, sent }, [{ reason, signals: ['traces'] }]);
    expect(text.split('\n').find((line) => line.startsWith('  do '))).toMatch(advice);
  });

  it('reports that no answer came before the end', () => {
    const sent = { traces: { ...none, dropped: 1 }, logs: none, metrics: none };
    expect(formatUndelivered({ sentTo, sent }, [])).toMatch(/why {6}no answer in time \(traces, logs, metrics\)/);
  });

  it('names the signals that a back end accepts, if it refuses others', () => {
    const refused = { ...none, failed: 3 };
    const sent = { traces: { ...none, exported: 65 }, logs: refused, metrics: refused };
    const text = formatUndelivered({ sentTo, sent }, [{ reason: 'HTTP 404', signals: ['logs', 'metrics'] }]);
    expect(text).toContain('demo: this back end takes only traces: 65 of 65 spans arrived\n');
    expect(text).toContain('do       if it is only for that, add --signals traces\n');
  });

  it.each([
    ['only part of the one signal arrived', { ...none, exported: 64, dropped: 1 }, { ...none, failed: 3 }],
    ['another was not refused but never answered', { ...none, exported: 65 }, { ...none, handedOver: 3 }],
  ])('does not call it a back end for some signals where %s', (_reason, traces, logs) => {
    const sent = { traces, logs, metrics: { ...none, failed: 3 } };
    expect(formatUndelivered({ sentTo, sent }, [])).toContain('demo: not all telemetry reached the collector\n');
  });

  it('does not say so if the credentials are wrong', () => {
    const sent = { traces: { ...none, exported: 65 }, logs: { ...none, failed: 3 }, metrics: none };
    const text = formatUndelivered({ sentTo, sent }, [{ reason: 'HTTP 401', signals: ['logs'] }]);
    expect(text).toContain('demo: not all telemetry reached the collector\n');
  });

  it.each(['HTTP 500', 'HTTP 400: bad'])('suggests the temporality if only metrics get %s', (reason) => {
    const sent = { traces: { ...none, exported: 1, queued: 1 }, logs: none, metrics: { ...none, failed: 3 } };
    expect(formatUndelivered({ sentTo, sent }, [{ reason, signals: ['metrics'] }])).toContain('otlp-native-delta');
    expect(formatUndelivered({ sentTo, sent }, [{ reason, signals: ['logs', 'metrics'] }])).not.toContain('delta');
  });
});

import { describe, expect, it } from '@jest/globals';
import { uploaderEnvironment } from '../../src/handover/uploader-environment.ts';

describe('uploaderEnvironment', () => {
  it('keeps what a process needs, proxies and paths of CAs, however they are written', () => {
    const env = {
      PATH: '/usr/bin',
      Path: 'C:\\',
      SystemRoot: 'C:\\Windows',
      TMPDIR: '/tmp',
      LC_ALL: 'C',
      https_proxy: 'http://proxy:3128',
      NO_PROXY: 'localhost',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
    };
    expect(uploaderEnvironment(env)).toEqual(env);
  });

  it.each([
    'COLLECTOR_TOKEN',
    'CODEX_OTEL_STATSIG_API_KEY',
    'OPENAI_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'OTEL_EXPORTER_OTLP_CLIENT_KEY',
    'NODE_OPTIONS',
    'DATABASE_URL',
    'PATH_TO_TOKEN',
  ])('leaves %s behind', (name) => {
    expect(uploaderEnvironment({ [name]: 'hunter2' })).toEqual({});
  });
});

import { describe, expect, it } from '@jest/globals';
import { sessionMetricTags } from '../src/index.ts';
import { inMemoryClient, metricNamed, numberPoints } from './in-memory-client.ts';

const session = {
  authMode: 'ApiKey',
  sessionSource: 'cli',
  originator: 'test originator',
  serviceName: 'my service',
  model: 'gpt-5.1',
  appVersion: '9.9.9',
};

describe('sessionMetricTags', () => {
  it('has all six in order, sanitised, frozen', () => {
    const tags = sessionMetricTags(session);

    expect(Object.entries(tags)).toEqual([
      ['auth_mode', 'ApiKey'],
      ['session_source', 'cli'],
      ['originator', 'test_originator'],
      ['service_name', 'my_service'],
      ['model', 'gpt-5.1'],
      ['app.version', '9.9.9'],
    ]);
    expect(Object.isFrozen(tags)).toBe(true);
  });

  it('leaves out what is absent', () => {
    const { authMode: _auth, serviceName: _service, ...rest } = session;

    expect(Object.keys(sessionMetricTags(rest))).toEqual(['session_source', 'originator', 'model', 'app.version']);
  });

  it('lets metrics of a model with a forbidden character be recorded', async () => {
    const { client, exporter } = await inMemoryClient();

    client.counter('c', 1, sessionMetricTags({ ...session, model: 'vendor/model:free', appVersion: '1.0+build' }));
    await client.shutdown();

    expect(numberPoints(metricNamed(exporter.getMetrics(), 'c'))).toMatchObject([
      { attributes: { model: 'vendor/model_free', 'app.version': '1.0_build' } },
    ]);
  });
});

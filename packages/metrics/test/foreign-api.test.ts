import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { metrics, trace } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { reportForeignApi } from '../src/index.ts';

const apiKey = Symbol.for('opentelemetry.js.api.1');
const stateKey = Symbol.for('codex-otel.metrics.v1');
const told: string[] = [];
const logger = { error: (message: string) => told.push(message) };

/** What another copy of the API would have left. */
function register(registered: object | undefined): void {
  Reflect.set(globalThis, apiKey, registered);
}

beforeEach(() => {
  told.length = 0;
  Reflect.deleteProperty(globalThis, stateKey);
});
afterEach(() => register(undefined));

describe('reportForeignApi', () => {
  it.each([
    ['traces', { version: '1.9.1', trace: {} }],
    ['metrics', { version: '1.9.1', metrics: {} }],
    ['a context manager alone', { version: '1.9.1', context: {} }],
    ['diagnostics alone', { version: '1.9.1' }],
    ['traces, with an unknown version', { trace: {} }],
    ['logs, with a newer version that is not seen', { version: '2.0.0', logs: {} }],
  ])('reports once that another version is registered: %s', (_what, registered) => {
    register({ ...registered, diag: logger });
    reportForeignApi({});
    reportForeignApi({});
    expect(told).toEqual([expect.stringContaining('version' in registered ? registered.version : 'unknown version')]);
  });

  it('still reports once there is a logger', () => {
    register({ version: '1.9.0', trace: {} });
    reportForeignApi({});
    register({ version: '1.9.0', trace: {}, diag: logger });
    reportForeignApi({});
    expect(told).toHaveLength(1);
  });

  it('is silent if nothing is registered, or only with this version', () => {
    reportForeignApi({ CODEX_OTEL_DEBUG: '1' });
    const provider = new MeterProvider();
    metrics.setGlobalMeterProvider(provider);
    trace.getTracer('a');
    Object.assign(Reflect.get(globalThis, apiKey), { diag: logger });
    reportForeignApi({ CODEX_OTEL_DEBUG: '1' });
    expect(told).toEqual([]);
  });

  it('does not throw when the logger does', () => {
    const thrown = () => {
      throw new Error('no');
    };
    register({ version: '1.9.0', diag: { error: thrown } });
    expect(() => reportForeignApi({})).not.toThrow();
  });
});

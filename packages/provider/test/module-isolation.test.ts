import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { context, logs, propagation, trace } from '@opentelemetry/api';
import { settingsFor } from './test-settings.ts';

let collector: OtlpCollector;

beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
});

afterEach(async () => {
  for (const api of [trace, logs, context, propagation]) api.disable();
  await collector.close();
});

/** The package and the API as a module registry of their own sees them. */
async function isolatedCopy() {
  let copy: (typeof import('../src/index.ts') & { api: typeof import('@opentelemetry/api') }) | undefined;
  await jest.isolateModulesAsync(async () => {
    const api = await import('@opentelemetry/api');
    copy = { ...(await import('../src/index.ts')), api };
    // What loads later must come from this registry, too.
    await import('../src/provider-assembly.ts');
  });
  if (copy === undefined) throw new Error('nothing was loaded');
  return copy;
}

describe('two copies of the package in isolated module registries', () => {
  it('share what is global: the second provider replaces the first, also for tracers of the first copy', async () => {
    const first = await isolatedCopy();
    const second = await isolatedCopy();
    expect(first.createOtelProvider).not.toBe(second.createOtelProvider);
    expect(first.api.trace).not.toBe(second.api.trace);

    const options = { env: {}, handoverOnExit: false };
    const one = await first.createOtelProvider(settingsFor(collector, 'binary', { serviceName: 'one' }), options);
    const tracer = first.api.trace.getTracer('library');
    tracer.startSpan('before').end();
    const two = await second.createOtelProvider(settingsFor(collector, 'binary', { serviceName: 'two' }), options);
    tracer.startSpan('after').end();
    second.api.trace.getTracer('library').startSpan('by the second copy').end();
    await one?.shutdown(patience);
    tracer.startSpan('after the first has ended').end();
    await two?.shutdown(patience);

    const serviceOf = Object.fromEntries(
      collector.spans().map(({ name, resource }) => [name, resource.attributes['service.name']]),
    );
    expect(serviceOf).toEqual({
      before: 'one',
      after: 'two',
      'by the second copy': 'two',
      'after the first has ended': 'two',
    });
  });

  it("recognise each other's errors", async () => {
    const [first, second] = [await isolatedCopy(), await isolatedCopy()];
    const none = { queued: 0, exported: 0, handedOver: 0, dropped: 0, failed: 0 };
    const error = new first.OtelShutdownError('lost', { traces: none, logs: none, metrics: none });
    expect(second.isOtelShutdownError(error)).toBe(true);
    expect(second.isOtelShutdownError(new Error('lost'))).toBe(false);
  });
});

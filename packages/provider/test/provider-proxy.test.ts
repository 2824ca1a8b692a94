import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createOtelProvider } from '../src/index.ts';
import type { TestProtocol } from './test-settings.ts';
import { settingsFor } from './test-settings.ts';
import type { LoopbackProxy } from './transport/loopback-proxy.ts';
import { startLoopbackProxy } from './transport/loopback-proxy.ts';

let collector: OtlpCollector;
let proxy: LoopbackProxy;

beforeEach(async () => {
  collector = await startOtlpCollector();
  proxy = await startLoopbackProxy();
});

afterEach(async () => {
  await proxy.close();
  await collector.close();
});

/** One item of each signal, by a provider in this environment. */
async function sendAll(protocol: TestProtocol, env: Readonly<Record<string, string>>): Promise<void> {
  const provider = await createOtelProvider(settingsFor(collector, protocol), {
    env,
    registerGlobals: false,
    handoverOnExit: false,
  });
  provider?.tracer.startSpan('session_task.turn').end();
  provider?.logger.emit({ eventName: 'codex.user_prompt' });
  provider?.metrics?.counter('codex.turn', 1);
  await provider?.shutdown(patience);
}

function expectAllReceived(): void {
  expect(collector.spans()).toHaveLength(1);
  expect(collector.logRecords()).toHaveLength(1);
  expect(collector.metrics()).toHaveLength(1);
}

describe.each(['binary', 'json', 'grpc'] as const)('a provider behind a proxy, over %s', (protocol) => {
  it('sends every signal through the proxy of its environment', async () => {
    await sendAll(protocol, { HTTP_PROXY: proxy.url });
    expectAllReceived();
    const { host } = new URL(protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl);
    const expected =
      protocol === 'grpc'
        ? [`CONNECT ${host}`]
        : ['logs', 'metrics', 'traces'].map((signal) => `POST http://${host}/v1/${signal}`);
    expect([...new Set(proxy.asked)].sort()).toEqual(expected);
  });

  it.each([
    ['NO_PROXY names the collector', { NO_PROXY: 'localhost,127.0.0.1' }],
    ['NO_PROXY names every host', { NO_PROXY: '*' }],
  ])('goes to the collector itself if %s', async (_case, without) => {
    await sendAll(protocol, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, ...without });
    expectAllReceived();
    expect(proxy.asked).toEqual([]);
  });

  it('does not use the proxy of https:// for http://', async () => {
    await sendAll(protocol, { HTTPS_PROXY: proxy.url });
    expectAllReceived();
    expect(proxy.asked).toEqual([]);
  });
});

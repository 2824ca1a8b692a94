// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
// @boundaries-ignore the benchmark installs it
import * as traceloop from '@traceloop/node-server-sdk';

export function setUp(url) {
  traceloop.initialize({ appName: 'peer', apiKey: 'key', baseUrl: url, silenceInitializationMessage: true });
}

export function observe(mark, answer, read) {
  return traceloop.withTask({ name: mark }, () => read(answer()));
}
